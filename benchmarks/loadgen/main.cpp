// A load generator for servers of Yjs documents: one thread, one core, and it checks all that it receives.
// Built and run by generator.py; what it measures is told in README.md.
#include <sys/resource.h>

#include <cstdio>

#include "json.hpp"
#include "loads.hpp"

void add_loop(Json& json, const Loop& loop) {
  json.number("lost", loop.counts.lost)
      .number("denied", loop.counts.denied)
      .number("unparsed", loop.counts.unparsed)
      .number("leaks", loop.counts.leaks)
      .string("last_close", loop.last_close);
}

void add_usage(Json& json, const Usage& before, const Usage& after, double seconds) {
  json.number("secs", seconds)
      .number("cpu_ms", after.cpu_ms - before.cpu_ms)
      .number("cpu_pct", (after.cpu_ms - before.cpu_ms) / seconds / 10)
      .number("ticks_ms", after.ticks_ms - before.ticks_ms)
      .number("core0_busy_ms", after.core0_busy_ms - before.core0_busy_ms)
      .number("rss_kb", static_cast<uint64_t>(after.rss_kb))
      .number("peak_kb", static_cast<uint64_t>(after.peak_kb))
      .number("processes", static_cast<uint64_t>(after.processes));
}

void print_result(const Json& json) {
  printf("RESULT %s\n", json.text().c_str());
  fflush(stdout);
}

int main(int count, char** words) {
  rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Options options = parse_options(count, words);
  if (options.mode == "run") return run_typing(options);
  if (options.mode == "idle") return run_idle(options);
  if (options.mode == "replay") return run_replay(options);
  if (options.mode == "open") return run_opening(options);
  if (options.mode == "events") return run_events(options);
  if (options.mode == "storm") return run_storm(options);
  die("unknown mode %s", options.mode.c_str());
}
