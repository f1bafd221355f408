// Fresh clients open one document, one after the other: milliseconds until each has all of it.
#include <algorithm>
#include <cstdio>

#include "json.hpp"
#include "loads.hpp"
#include "yjs.hpp"

namespace {

class Fresh : public Listener {
 public:
  explicit Fresh(const Options& options) : options_(options) {}

  uint64_t clock = 0, bytes = 0, unparsed = 0;
  FILE* dump = nullptr;  // every update that came: 32 bits of length, the update

  void update(Connection&, const uint8_t* update, size_t size, bool) override {
    bytes += size;
    if (dump != nullptr) {
      uint32_t length = static_cast<uint32_t>(size);
      fwrite(&length, 4, 1, dump);
      fwrite(update, 1, size, dump);
    }
    bool known = scan_update(update, size, [&](uint64_t client, uint64_t from, uint64_t length) {
      if (client == options_.expect_client) clock = std::max(clock, from + length);
    });
    if (!known) unparsed++;
  }

 private:
  const Options& options_;
};

}  // namespace

int run_opening(const Options& options) {
  Fresh fresh(options);
  Loop loop(options, fresh);
  loop.connections.resize(options.count);
  Usage before = usage_of(options.pids);
  int64_t from = now_ns();
  std::string times;
  bool complete = true;
  for (int i = 0; i < options.count && complete; i++) {
    Connection& client = loop.connections[i];
    client.index = i;
    fresh.clock = fresh.bytes = 0;
    if (i + 1 == options.count && !options.dump.empty()) fresh.dump = fopen(options.dump.c_str(), "wb");
    loop.start(client);
    int64_t end = client.began + static_cast<int64_t>(options.timeout * 1e9);
    while (fresh.clock < options.expect_clock && now_ns() < end && !loop.lost_any()) loop.poll(0);
    complete = fresh.clock >= options.expect_clock && fresh.unparsed == 0;
    char ms[32];
    snprintf(ms, sizeof ms, "%s%.3f", i ? ", " : "", (now_ns() - client.began) / 1e6);
    times += ms;
    loop.poll_for(options.settle);  // deletions may come in a frame of their own
    loop.stop(client);
  }
  if (fresh.dump != nullptr) fclose(fresh.dump);
  Usage after = usage_of(options.pids, true);
  Json json;
  json.raw("open_ms", "[" + times + "]").number("bytes", fresh.bytes).flag("complete", complete);
  add_usage(json, before, after, (now_ns() - from) / 1e9);
  json.number("pss_kb", static_cast<uint64_t>(after.pss_kb));
  add_loop(json, loop);
  print_result(json);
  return 0;
}
