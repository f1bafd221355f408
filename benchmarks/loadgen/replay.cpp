// A file of updates through one writer. A second client hears them: what it has is the flow control.
#include <cstring>
#include <poll.h>
#include <unistd.h>

#include "json.hpp"
#include "loads.hpp"
#include "yjs.hpp"

namespace {

class Witness : public Listener {
 public:
  uint64_t clock = 0;  // all before it has arrived
  uint64_t unparsed = 0;

  void update(Connection& connection, const uint8_t* bytes, size_t size, bool) override {
    if (connection.index != 1) return;
    bool known = scan_update(bytes, size, [&](uint64_t, uint64_t from, uint64_t length) {
      if (from + length > clock) clock = from + length;
    });
    if (!known) unparsed++;
  }
};

}  // namespace

// The file: 32 bits of length, 32 bits with the clock after it, the update; little-endian, again and again.
int run_replay(const Options& options) {
  std::string file;
  if (!read_file(options.file, file)) die("cannot read %s", options.file.c_str());
  Witness witness;
  Loop loop(options, witness);
  loop.connections.resize(2);
  loop.connections[1].index = 1;
  if (!loop.open_all(0, 2, 1)) die("not let in: %s", loop.last_close.c_str());
  loop.poll_for(options.settle);

  Usage before = usage_of(options.pids);
  int64_t from = now_ns(), end = from + static_cast<int64_t>(options.timeout * 1e9);
  uint64_t sent = 0;
  uint32_t length = 0, clock = 0;
  Connection& writer = loop.connections[0];
  auto may_go_on = [&] { return now_ns() < end && !loop.lost_any(); };
  for (size_t at = 0; at + 8 <= file.size() && may_go_on(); at += 8 + length) {
    memcpy(&length, &file[at], 4);
    memcpy(&clock, &file[at + 4], 4);
    while ((clock > witness.clock + options.window || loop.waiting(writer) > 65536) && may_go_on()) loop.poll(0);
    loop.send_update(writer, file.substr(at + 8, length));
    loop.flush(writer);
    if (++sent % 16 == 0) loop.poll(0);
  }
  while (witness.clock < clock && may_go_on()) loop.poll(0);
  double seconds = (now_ns() - from) / 1e9;
  loop.poll_for(options.settle);
  Usage after = usage_of(options.pids, true);

  Json json;
  json.number("sent", sent)
      .number("edits_per_s", sent / seconds)
      .number("us_per_edit", (after.cpu_ms - before.cpu_ms) * 1000 / (sent ? sent : 1))
      .number("clock", witness.clock)
      .flag("complete", witness.clock >= clock && witness.unparsed == 0 && !loop.lost_any());
  add_usage(json, before, after, seconds);
  json.number("pss_kb", static_cast<uint64_t>(after.pss_kb));
  add_loop(json, loop);
  print_result(json);
  for (pollfd input{STDIN_FILENO, POLLIN, 0}; options.hold && poll(&input, 1, 0) == 0;) loop.poll(20);
  return 0;
}
