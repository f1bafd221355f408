"""Every setting: its name, default, unit and meaning."""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from server.mail_settings import is_address, mail_server

__all__ = ["PREFIX", "Settings", "variable"]

PREFIX = "COUNTERPOINT_"
MIB = 1024 * 1024


def _comma_separated(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_comma_separated)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_comma_separated)]


def _of(meaning: str, unit: str = "", **limits: Any) -> Any:
    """What a setting means, in one sentence, and the unit that its number counts."""
    return Field(description=meaning, json_schema_extra={"unit": unit}, **limits)


class Settings(BaseModel):
    """What the program was told at its start. The documentation's table and `doctor` are made from this class."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True, allow_inf_nan=False
    )

    # Where it listens and what it is called.
    host: Annotated[str, _of("The address to listen on; 0.0.0.0 or :: for every network.")] = "127.0.0.1"
    port: Annotated[int, _of("The TCP port to listen on; 0 takes any free one.", ge=0, le=65535)] = 8000
    public_url: Annotated[
        str | None,
        _of("How browsers reach the server, such as https://pad.example.org; with https, cookies are marked secure."),
    ] = None
    allowed_origins: Annotated[
        Names, _of("Other origins whose pages may use the server, separated by commas and matched exactly.")
    ] = ()
    trusted_proxies: Annotated[
        Names, _of("Addresses or networks of proxies whose X-Forwarded-* headers are believed, separated by commas.")
    ] = ()

    node_name: Annotated[
        str | None, _of("What this node is called where several are shown; its host's name and its port if not set.")
    ] = None

    # Where it keeps things.
    data_dir: Annotated[Path, _of("The folder for everything that is kept on disk.")] = Path("data")
    database_url: Annotated[
        SecretStr | None,
        _of("sqlite:///path or postgresql://user:password@host/name; SQLite in the data folder when not set."),
    ] = None
    secret_key_file: Annotated[
        Path | None,
        _of("The key file that seals secrets in the store, the same on every node; DATA_DIR/secret.key if not set."),
    ] = None
    redis_url: Annotated[
        SecretStr | None,
        _of("redis://, rediss:// or unix://: Redis or Valkey that carries messages between nodes on one PostgreSQL."),
    ] = None
    redis_prefix: Annotated[
        str,
        _of(
            "What the names of its channels begin with: its own for each installation that shares a server.",
            pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        ),
    ] = "counterpoint"

    # Who may come in.
    admin_email: Annotated[str | None, _of("The e-mail address of the first account, made at the first start.")] = None
    admin_password: Annotated[SecretStr | None, _of("The first account's password; set together with its address.")] = (
        None
    )
    jwt_secret: Annotated[
        SecretStr | None, _of("The HS256 secret of an application that signs its own users in, 32 bytes or more.")
    ] = None
    jwks_url: Annotated[str | None, _of("Where that application publishes its public keys, instead of a secret.")] = (
        None
    )
    jwt_issuer: Annotated[str | None, _of("The `iss` that the application's tokens must have.")] = None
    jwt_audience: Annotated[str | None, _of("The `aud` that the application's tokens must have.")] = None
    session_hours: Annotated[float, _of("An unused sign-in ends after this long.", "hours", gt=0)] = 24 * 7
    session_max_hours: Annotated[float, _of("Every sign-in ends after this long, used or not.", "hours", gt=0)] = (
        24 * 30
    )
    ticket_seconds: Annotated[float, _of("A one-use socket ticket is good for this long.", "seconds", gt=0)] = 30
    invitations_per_hour: Annotated[
        int, _of("Invitations that one user may send, sending again included.", "per hour", ge=1)
    ] = 50
    setup_hours: Annotated[float, _of("The one-time set-up link is good for this long.", "hours", gt=0)] = 24

    # What it tells its operator.
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _of("The least severe entries to log.")] = "info"
    metrics_token: Annotated[
        SecretStr | None, _of("The bearer token that /metrics asks for; without one only this machine may read it.")
    ] = None
    loop_slow_seconds: Annotated[
        float, _of("What keeps everybody waiting for longer than this is logged, with its stack.", "seconds", ge=0.01)
    ] = 0.1
    loop_stall_seconds: Annotated[
        float, _of("After this long without a move of the event loop all stacks are logged.", "seconds", ge=0.1)
    ] = 1

    # Limits of HTTP.
    max_body_bytes: Annotated[ByteSize, _of("The largest body of an HTTP request.", "bytes", ge=1024)] = ByteSize(MIB)
    max_content_bytes: Annotated[
        ByteSize, _of("The largest content that a document can be made from by HTTP.", "bytes", ge=1)
    ] = ByteSize(512 * 1024)

    # Limits of sockets.
    max_message_bytes: Annotated[
        ByteSize,
        _of("The largest socket message after sign-in; a first sync is one message.", "bytes", ge=1024),
    ] = ByteSize(16 * MIB)
    max_connections: Annotated[int, _of("Sockets on this node.", "sockets", ge=1)] = 5_000
    max_connections_per_address: Annotated[
        int, _of("Sockets from one address; an office behind one router counts as one.", "sockets", ge=1)
    ] = 500
    max_connections_per_user: Annotated[
        int, _of("Sockets of one user; y-websocket opens one for each document.", "sockets", ge=1)
    ] = 100
    messages_per_second: Annotated[
        float, _of("Messages that one socket may send, as an average; faster ones are read later.", "per second", gt=0)
    ] = 500
    bytes_per_second: Annotated[
        ByteSize, _of("Bytes that one socket may send, as an average; faster ones are read later.", "bytes", ge=1024)
    ] = ByteSize(4 * MIB)

    # Limits of documents.
    max_document_bytes: Annotated[ByteSize, _of("The largest document, as merged updates.", "bytes", ge=1024)] = (
        ByteSize(50 * MIB)
    )
    max_update_structs: Annotated[int, _of("Structs (pieces of content) in one update.", "structs", ge=1)] = 200_000
    raw_row_days: Annotated[
        float, _of("Updates are kept one by one for this long after a snapshot holds them.", "days", gt=0)
    ] = 30

    webhook_log_days: Annotated[
        float, _of("Deliveries to webhooks are kept in their log for this long after they ended.", "days", gt=0)
    ] = 30

    notification_days: Annotated[
        float,
        _of(
            "Notifications are kept for this long after they were read, and escalations after they ended.", "days", gt=0
        ),
    ] = 90

    # Where it may send to.
    egress_allow: Annotated[
        Names,
        _of(
            "Private networks that webhooks and the like may reach, by http too, such as 10.1.0.0/16; none by default."
        ),
    ] = ()

    source_paths: Annotated[
        Paths,
        _of("Folders whose SQLite files may be watched as data sources, separated by commas; none by default."),
    ] = ()

    push_hosts: Annotated[
        Names,
        _of("Push services besides those of the browsers' makers, such as push.example.org or *.example.org."),
    ] = ()
    chat_allow: Annotated[
        Names,
        _of(
            "Chat services with a host of their own that may be sent to, in private networks too, such as "
            "mmosts://chat.example.org (Mattermost) or ntfys://ntfy.example.org:8443; the schemes are Apprise's."
        ),
    ] = ()
    push_contact: Annotated[
        str | None,
        _of("Where push services can write to, mailto: or https:; the public URL when not set. Apple needs one."),
    ] = None

    smtp_url: Annotated[
        SecretStr | None,
        _of(
            "The mail server: smtps://user:password@host, smtp://... (STARTTLS) or, on a network of your own, "
            "smtp+plain://host. Without one nothing is sent by e-mail."
        ),
    ] = None
    mail_from: Annotated[
        str | None, _of('Who letters are from, such as "Counterpoint <pad@example.org>"; set together with the server.')
    ] = None

    # How it runs.
    drain_seconds: Annotated[
        float, _of("On a stop, the longest wait for sockets and the log to finish.", "seconds", ge=0)
    ] = 10
    store_busy_seconds: Annotated[
        float, _of("The longest wait for a locked SQLite file before a write is tried again.", "seconds", gt=0)
    ] = 2
    store_wait_seconds: Annotated[
        float, _of("How long a start waits for a PostgreSQL that does not answer yet.", "seconds", ge=0)
    ] = 60
    server_processes: Annotated[
        int,
        _of(
            "Processes that share the port, each a node of its own; several need PostgreSQL and a Redis or Valkey.",
            "processes",
            ge=1,
            le=64,
        ),
    ] = 1
    worker_processes: Annotated[
        int, _of("Worker processes that turn documents into text and make snapshots.", "processes", ge=1, le=64)
    ] = 1
    worker_memory_bytes: Annotated[
        ByteSize, _of("The memory that one worker process may use.", "bytes", ge=256 * MIB)
    ] = ByteSize(1024 * MIB)

    @field_validator("public_url", "jwks_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("must be an address such as https://pad.example.org")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _has_no_path(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).path or urlsplit(value).query):
            raise ValueError("must have no path: the server lives at the root of its host")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or f"{parts.scheme}://{parts.netloc}" != origin or parts.username:
                raise ValueError("must be origins such as https://app.example.org, without a path or a closing slash")
        return tuple(origin.lower() for origin in value)

    @field_validator("trusted_proxies", "egress_allow")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network, strict=False)
        return value

    @field_validator("push_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if urlsplit(f"//{host.removeprefix('*.')}").hostname != host.removeprefix("*.").lower():
                raise ValueError("must be hosts such as push.example.org or *.example.org, without a port or a path")
        return value

    @field_validator("chat_allow")
    @classmethod
    def _are_chat_services(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            parts = urlsplit(each)
            host = f"{parts.hostname}:{parts.port}" if parts.port is not None else parts.hostname
            if not parts.scheme or f"{parts.scheme}://{host}" != each.lower():
                raise ValueError("must be services such as mmosts://chat.example.org, without a path or a token")
        return value

    @field_validator("push_contact")
    @classmethod
    def _is_a_contact(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("mailto:", "https:")):
            raise ValueError("must begin with mailto: or https:")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            mail_server(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str | None) -> str | None:
        if value is not None and not is_address(value):
            raise ValueError('must be one address, such as "Counterpoint <pad@example.org>"')
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_store(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_a_broker(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            from server.redis_address import read_redis_url  # noqa: PLC0415 - who has none need not wait for its client

            read_redis_url(value.get_secret_value())
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        # RFC 7518 section 3.2: an HS256 key has at least the 256 bits of the hash.
        if value and len(value.get_secret_value().encode()) < 32:
            raise ValueError("must have 32 bytes or more")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if (self.admin_email is None) != (self.admin_password is None):
            raise ValueError(f"{variable('admin_email')} and {variable('admin_password')} must be set together")
        if self.jwt_secret is not None and self.jwks_url is not None:
            raise ValueError(f"{variable('jwt_secret')} and {variable('jwks_url')} exclude each other")
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError(f"{variable('smtp_url')} and {variable('mail_from')} must be set together")
        if self.smtp_url is not None and self.public_url is None:
            raise ValueError(f"{variable('smtp_url')} needs {variable('public_url')}: letters have links in them")
        if self.redis_url is not None and self.is_sqlite:
            raise ValueError(
                f"{variable('redis_url')} needs PostgreSQL at {variable('database_url')}: SQLite is for one node"
            )
        if self.max_content_bytes > self.max_body_bytes:
            raise ValueError(f"{variable('max_content_bytes')} must not be above {variable('max_body_bytes')}")
        return self

    @property
    def store_url(self) -> str:
        """Where the store is; it may hold a password, so it is never shown."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.resolve() / 'counterpoint.sqlite3'}"

    @property
    def is_sqlite(self) -> bool:
        """One node has the store for itself."""
        return self.store_url.startswith("sqlite:")

    @property
    def https(self) -> bool:
        """Browsers reach the server by https."""
        return self.public_url is not None and self.public_url.startswith("https:")

    @property
    def loopback(self) -> bool:
        """Only programs on this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()
