"""What only an application's token can say: a right to one document, without any membership."""

import pytest

from server.collaboration.threads.model import NewComment
from server.errors import Forbidden
from server.identity.principal import DocumentGrant, Principal, Right
from server.identity.roles import OrganisationRole
from tests.server.collaboration.threads.conftest import Desk
from tests.server.support import Person


async def test_a_grant_to_comment_lets_an_applications_user_comment_and_one_to_read_does_not(
    desk: Desk, ada: Person
) -> None:
    eve = await desk.place.colleague("eve@example.org", role="viewer")
    organisation = (await ada.get("/auth/me")).json()["organisation"]["id"]
    service = desk.place.house.collaboration.threads

    def with_grant(right: Right) -> Principal:
        grants = (DocumentGrant(desk.document, right),)
        return Principal(eve.id, "Eve", None, organisation, OrganisationRole.VIEWER, "jwt", "", grants=grants)

    said = await service.add(with_grant(Right.COMMENT), desk.document, NewComment(content="May I?"))
    assert (await service.comment(with_grant(Right.READ), desk.document, said.id)).content == "May I?"
    with pytest.raises(Forbidden):
        await service.add(with_grant(Right.READ), desk.document, NewComment(content="May I?"))
