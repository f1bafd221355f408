"""Groups over HTTP: everybody sees them, who manages users manages them."""

from pathlib import Path

from tests.server.support import served


async def test_an_administrator_makes_fills_and_deletes_a_group(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        ada, ben = place.admin, await place.colleague("ben@example.org")
        made = await ada.post("/auth/groups", {"name": "Strings"})
        assert made.status_code == 201
        address = f"/auth/groups/{made.json()['id']}"
        assert (await ada.post("/auth/groups", {"name": "Strings"})).status_code == 409
        filled = await ada.ask("PUT", f"{address}/members/{ben.id}")
        assert filled.json()["members"] == [{"user_id": ben.id, "name": "ben"}]
        assert (await ada.ask("PUT", f"{address}/members/{'0' * 32}")).status_code == 404
        assert (await ada.ask("PATCH", address, json={"name": "Violins"})).json()["name"] == "Violins"
        assert [each["name"] for each in (await ben.get("/auth/groups")).json()] == ["Violins"]
        assert (await ben.get(address)).json()["members"] == filled.json()["members"]
        for method, path in ("DELETE", address), ("PUT", f"{address}/members/{ben.id}"):
            assert (await ben.ask(method, path)).status_code == 403
        assert (await ada.ask("DELETE", f"{address}/members/{ben.id}")).json()["members"] == []
        assert (await ada.ask("DELETE", address)).status_code == 204
        assert (await ada.get(address)).status_code == 404
        assert (await ada.ask("PATCH", address, json={"name": "x"})).status_code == 404
