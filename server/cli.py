"""The command line: `counterpoint`."""

from importlib.metadata import version

import click

from server.commands.doctor import doctor
from server.commands.document import document
from server.commands.serve import serve
from server.commands.token import token
from server.commands.transfer import backup, copy, restore
from server.commands.user import user

__all__ = ["main"]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="""\b
Begin with:
  counterpoint serve                 # then open the address that it prints
  counterpoint doctor                # when something does not work
Settings are COUNTERPOINT_* variables: docs/reference/settings.md.
""",
)
@click.version_option(version("counterpoint"), prog_name="counterpoint")
def main() -> None:
    """A self-hosted real-time collaboration server for Yjs documents whose "saved" is true."""


main.add_command(serve)
main.add_command(user)
main.add_command(token)
main.add_command(document)
main.add_command(doctor)
main.add_command(copy)
main.add_command(backup)
main.add_command(restore)


if __name__ == "__main__":
    main()
