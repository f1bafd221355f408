// Connections that only stay: what each costs in memory, and how fast they come in.
#include "json.hpp"
#include "loads.hpp"

namespace {

class Silent : public Listener {
 public:
  void update(Connection&, const uint8_t*, size_t, bool) override {}
};

}  // namespace

int run_idle(const Options& options) {
  Silent silent;
  Loop loop(options, silent);
  size_t total = static_cast<size_t>(options.documents) * options.readers;
  loop.connections.resize(total);
  for (size_t i = 0; i < total; i++) {
    loop.connections[i].index = static_cast<int>(i);
    loop.connections[i].document = static_cast<int>(i % options.documents);
  }
  Usage empty = usage_of(options.pids, true);
  int64_t from = now_ns();
  bool all = loop.open_all(0, total, std::min<size_t>(options.documents, total));
  double took = (now_ns() - from) / 1e9;
  Usage full = usage_of(options.pids, true);
  uint64_t in = loop.counts.synced;
  loop.poll_for(options.seconds);
  Usage held = usage_of(options.pids, true);

  double each = in ? static_cast<double>(in) : 1;
  Json json;
  json.number("connections", static_cast<uint64_t>(total))
      .number("let_in", in)
      .number("held", loop.counts.synced)
      .flag("complete", all && loop.counts.synced == total)
      .number("connect_s", took)
      .number("connects_per_s", in / took)
      .number("us_per_connect", (full.cpu_ms - empty.cpu_ms) * 1000 / each)
      .number("rss_kb_each", (held.rss_kb - empty.rss_kb) / each)
      .number("pss_kb_each", (held.pss_kb - empty.pss_kb) / each)
      .number("empty_rss_kb", static_cast<uint64_t>(empty.rss_kb))
      .number("idle_cpu_pct", (held.cpu_ms - full.cpu_ms) / options.seconds / 10);
  add_usage(json, empty, full, took);
  json.number("held_rss_kb", static_cast<uint64_t>(held.rss_kb));
  add_loop(json, loop);
  print_result(json);
  return 0;
}
