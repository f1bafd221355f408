// Time, latencies, and what the server's processes use.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

int64_t now_ns();

// Log-linear histogram of nanoseconds: a quantile is wrong by less than 0.8 %.
class Histogram {
 public:
  Histogram() : buckets_(64 * kPart, 0) {}
  void add(int64_t value);
  double quantile_ms(double part) const;
  double max_ms() const { return most_ / 1e6; }
  uint64_t count() const { return count_; }
  std::string json() const;  // {"p50": .., "p95": .., "p99": .., "max": .., "n": ..} in milliseconds

 private:
  static constexpr int kPart = 128;
  static int bucket(uint64_t value);
  static uint64_t least_of(int bucket);
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  int64_t most_ = 0;
};

// Summed over the given processes and all that they have started.
struct Usage {
  double cpu_ms = 0;        // by the scheduler's clock, exact to microseconds
  double ticks_ms = 0;      // by /proc/PID/stat, in ticks of 10 ms
  double core0_busy_ms = 0; // of the first core, by anybody
  long rss_kb = 0, pss_kb = 0, peak_kb = 0;
  int processes = 0;
};

// `shared_pages` reads PSS as well, which takes milliseconds.
Usage usage_of(const std::vector<int>& pids, bool shared_pages = false);
double own_cpu_ms();
bool read_file(const std::string& path, std::string& out);
