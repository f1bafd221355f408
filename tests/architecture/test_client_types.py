"""The web app's types of the REST API are those of the server as it stands."""

from hashlib import sha256

from click.testing import CliRunner

from server.cli import main
from tests.architecture.house import ROOT

SCHEMA = ROOT / "static" / "src" / "api" / "schema.d.ts"


def test_the_types_were_made_from_what_the_server_says_of_itself_now() -> None:
    document = CliRunner().invoke(main, ["doctor", "--openapi"]).output
    digest = sha256(document[document.index('"paths"') :].encode()).hexdigest()
    with SCHEMA.open() as file:
        assert digest in file.readline(), "a route or a model has changed: `make client`, and commit what it wrote"
