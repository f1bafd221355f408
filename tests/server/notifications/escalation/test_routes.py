"""/escalations: who may make policies, begin, see, acknowledge and resolve; each answer repeated is the same."""

from tests.server.notifications.escalation.stage import Stage, step
from tests.server.support import Person

POLICIES = "/escalations/policies"
NIGHTS = {"name": "Nights", "steps": [{"notify": {"roles": ["data_steward"]}}], "severities": ["critical"]}


async def refused(stage: Stage, by: Person, method: str, path: str, body: object = None) -> tuple[int, str]:
    response = await by.ask(method, path, json=body)
    found = response.json()
    return response.status_code, str([each["issue"] for each in found.get("details") or []] or found["message"])


async def test_an_administrator_makes_policies_and_the_severity_finds_its_own(stage: Stage) -> None:
    ada, ben = stage.inboxes.ada, stage.inboxes.ben
    made = await stage.inboxes.do(ada, "POST", POLICIES, NIGHTS)
    assert made["steps"][0] == {
        "after_minutes": 0,
        "notify": {"users": [], "groups": [], "roles": ["data_steward"]},
        "channels": [],
        "repeat": 0,
        "every_minutes": 5,
    }
    assert await stage.inboxes.do(ben, "GET", POLICIES) == [made]
    assert (await refused(stage, ben, "POST", POLICIES, NIGHTS))[0] == 403
    assert await refused(stage, ada, "POST", POLICIES, NIGHTS) == (409, "Another policy has this name.")
    status, why = await refused(stage, ada, "POST", POLICIES, NIGHTS | {"name": "Days"})
    assert (status, "severity critical" in why) == (409, True)
    body = {"subject": "incident/1", "severity": "critical", "title": "Disk full"}
    started = await stage.inboxes.do(ben, "POST", "/escalations", body)
    assert (started["policy_name"], started["started_by"]["name"]) == ("Nights", "ben")
    changed = await stage.inboxes.do(ada, "PATCH", f"{POLICIES}/{made['id']}", {"severities": ["high"]})
    assert (changed["name"], changed["severities"], changed["steps"]) == ("Nights", ["high"], made["steps"])
    await stage.inboxes.do(ada, "DELETE", f"{POLICIES}/{made['id']}")
    assert (await refused(stage, ada, "DELETE", f"{POLICIES}/{made['id']}"))[0] == 404
    status, why = await refused(stage, ben, "POST", "/escalations", body | {"subject": "incident/2"})
    assert (status, "no policy is the one for the severity critical" in why) == (422, True)
    await stage.after()
    assert (await stage.state(started["id"]))["told"] == 3, "it goes on by the steps that the policy had"


async def test_a_step_names_somebody_who_is_there(stage: Stage) -> None:
    group, nobody = "9" * 32, {"notify": {}}
    told = [{"notify": {"groups": [group]}}]
    assert await refused(stage, stage.inboxes.ada, "POST", POLICIES, NIGHTS | {"steps": told}) == (
        422,
        f"['there is no such group: {group}']",
    )
    status, why = await refused(stage, stage.inboxes.ada, "POST", POLICIES, NIGHTS | {"steps": [nobody]})
    assert (status, "must name somebody" in why) == (422, True)
    status, why = await refused(stage, stage.inboxes.ada, "POST", POLICIES, NIGHTS | {"steps": [step(5), step(1)]})
    assert (status, "in the order of their after_minutes" in why) == (422, True)


async def test_a_group_is_called_as_it_is_when_the_step_is_taken(stage: Stage) -> None:
    ada, ben = stage.inboxes.ada, stage.inboxes.ben
    group = (await ada.post("/auth/groups", {"name": "On call"})).json()["id"]
    await stage.start({"notify": {"groups": [group]}, "after_minutes": 5})
    await stage.inboxes.do(ada, "PUT", f"/auth/groups/{group}/members/{ben.id}")
    await stage.after(5)
    assert await stage.titles(ben) == ["Disk full"]


async def test_a_subject_that_is_escalated_is_not_begun_again(stage: Stage) -> None:
    body = {"subject": "incident/42", "title": "Disk full", "steps": [step(5)]}
    first = await stage.inboxes.ada.post("/escalations", body)
    again = await stage.inboxes.ada.post("/escalations", body | {"title": "Another"})
    assert (first.status_code, again.status_code, first.json() == again.json()) == (201, 200, True)
    made = first.json()["data"]["id"]
    await stage.inboxes.do(stage.inboxes.ada, "POST", f"/escalations/{made}/resolve")
    assert (await stage.inboxes.ada.post("/escalations", body)).status_code == 201


async def test_who_was_told_may_see_and_answer_it_whatever_his_role(stage: Stage) -> None:
    ada, ben = stage.inboxes.ada, stage.inboxes.ben
    for person in (ben, stage.inboxes.cyd):
        await stage.inboxes.do(ada, "PATCH", f"/auth/users/{person.id}", {"role": "viewer"})
    made = await stage.start(step(0, ben))
    at = f"/escalations/{made}"
    assert (await refused(stage, ben, "GET", at))[0] == 404, "he was not told yet"
    await stage.after()
    assert (await stage.inboxes.do(ben, "GET", at))["told"][0]["name"] == "ben"
    assert (await refused(stage, ben, "GET", "/escalations"))[0] == 403
    for method, path in (("GET", at), ("POST", at + "/acknowledge"), ("POST", at + "/resolve")):
        assert (await refused(stage, stage.inboxes.cyd, method, path))[0] == 404
    first = await stage.inboxes.do(ben, "POST", at + "/acknowledge")
    assert first == await stage.inboxes.do(ada, "POST", at + "/acknowledge")
    assert (first["acknowledged_by"]["name"], first["state"]) == ("ben", "acknowledged")
    ended = await stage.inboxes.do(ben, "POST", at + "/resolve")
    assert ended == await stage.inboxes.do(ben, "POST", at + "/resolve")
    assert await refused(stage, ben, "POST", at + "/acknowledge") == (409, "The escalation has ended.")


async def test_who_sees_escalations_but_was_not_told_does_not_answer_them(stage: Stage) -> None:
    ada, cyd = stage.inboxes.ada, stage.inboxes.cyd
    await stage.inboxes.do(ada, "PATCH", f"/auth/users/{cyd.id}", {"role": "data_analyst"})
    made = await stage.start(step(5, ada))
    status, why = await refused(stage, cyd, "POST", f"/escalations/{made}/acknowledge")
    assert (status, "Only who was told" in why) == (403, True)
    assert (await refused(stage, cyd, "POST", "/escalations", {"subject": "a/1", "title": "x"}))[0] == 403


async def test_the_list_is_paged_and_says_where_its_stream_was(stage: Stage) -> None:
    made = [await stage.start(step(5), subject=f"incident/{number}") for number in range(3)]
    await stage.inboxes.do(stage.inboxes.ada, "POST", f"/escalations/{made[0]}/resolve")
    first = (await stage.inboxes.ada.get("/escalations", params={"limit": 2})).json()
    assert ([each["id"] for each in first["data"]], first["stream"]["channel"]) == (made[:0:-1], "incidents")
    rest = (await stage.inboxes.ada.get("/escalations", params={"cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in rest["data"]] == made[:1]
    ended = (await stage.inboxes.ada.get("/escalations", params={"state": ["ended", "exhausted"]})).json()["data"]
    assert [each["id"] for each in ended] == made[:1]


async def test_what_cannot_be_is_refused(stage: Stage) -> None:
    wrong = [("subject", "42"), ("subject", "incident/" + "9" * 90), ("path", "//evil.example"), ("path", "https://x")]
    for field, value in wrong:
        body = {"subject": "incident/1", "title": "Disk full", "steps": [step(5)], field: value}
        response = await stage.inboxes.ada.post("/escalations", body)
        assert (response.status_code, response.json()["details"][0]["field"]) == (422, field)
