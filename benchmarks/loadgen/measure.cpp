#include "measure.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <set>
#include <sys/resource.h>
#include <unistd.h>

int64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int Histogram::bucket(uint64_t value) {
  if (value < kPart) return static_cast<int>(value);
  int shift = 63 - __builtin_clzll(value) - 7;
  return (shift + 1) * kPart + static_cast<int>((value >> shift) - kPart);
}

uint64_t Histogram::least_of(int bucket) {
  if (bucket < kPart) return bucket;
  return (static_cast<uint64_t>(bucket % kPart) + kPart) << (bucket / kPart - 1);
}

void Histogram::add(int64_t value) {
  if (value < 0) value = 0;
  buckets_[bucket(value)]++;
  count_++;
  if (value > most_) most_ = value;
}

double Histogram::quantile_ms(double part) const {
  if (count_ == 0) return 0;
  uint64_t wanted = static_cast<uint64_t>(part * count_), seen = 0;
  if (wanted >= count_) wanted = count_ - 1;
  for (size_t i = 0; i < buckets_.size(); i++) {
    seen += buckets_[i];
    if (seen > wanted) return least_of(static_cast<int>(i)) / 1e6;
  }
  return max_ms();
}

std::string Histogram::json() const {
  char text[256];
  snprintf(text, sizeof text, "{\"p50\": %.3f, \"p95\": %.3f, \"p99\": %.3f, \"max\": %.3f, \"n\": %llu}",
           quantile_ms(.5), quantile_ms(.95), quantile_ms(.99), max_ms(), static_cast<unsigned long long>(count_));
  return text;
}

bool read_file(const std::string& path, std::string& out) {
  int file = open(path.c_str(), O_RDONLY);
  if (file < 0) return false;
  out.clear();
  char part[65536];
  ssize_t n;
  while ((n = read(file, part, sizeof part)) > 0) out.append(part, n);
  close(file);
  return true;
}

namespace {

template <typename Do>
void each_number_in(const std::string& folder, Do what) {
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return;
  while (dirent* entry = readdir(dir))
    if (int number = atoi(entry->d_name)) what(number);
  closedir(dir);
}

std::set<int> with_children(const std::vector<int>& roots) {
  std::map<int, int> parents;
  each_number_in("/proc", [&](int pid) {
    std::string stat;
    if (!read_file("/proc/" + std::to_string(pid) + "/stat", stat)) return;
    size_t name_end = stat.rfind(')');
    char state;
    int parent;
    if (name_end != std::string::npos && sscanf(stat.c_str() + name_end + 1, " %c %d", &state, &parent) == 2)
      parents[pid] = parent;
  });
  std::set<int> tree(roots.begin(), roots.end());
  for (bool grew = true; grew;) {
    grew = false;
    for (auto& [pid, parent] : parents)
      if (tree.count(parent) && tree.insert(pid).second) grew = true;
  }
  return tree;
}

long kilobytes(const std::string& text, const char* key) {
  size_t at = text.find(key);
  return at == std::string::npos ? 0 : atol(text.c_str() + at + strlen(key));
}

void add_process(Usage& sum, int pid, bool shared_pages) {
  std::string base = "/proc/" + std::to_string(pid), text;
  if (!read_file(base + "/stat", text)) return;
  unsigned long user = 0, system = 0;
  sscanf(text.c_str() + text.rfind(')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  sum.ticks_ms += (user + system) * 10.0;
  sum.processes++;
  each_number_in(base + "/task", [&](int thread) {
    std::string ran;
    if (read_file(base + "/task/" + std::to_string(thread) + "/schedstat", ran))
      sum.cpu_ms += strtoull(ran.c_str(), nullptr, 10) / 1e6;
  });
  if (read_file(base + "/status", text)) {
    sum.rss_kb += kilobytes(text, "VmRSS:");
    sum.peak_kb += kilobytes(text, "VmHWM:");
  }
  if (shared_pages && read_file(base + "/smaps_rollup", text)) sum.pss_kb += kilobytes(text, "\nPss:");
}

}  // namespace

Usage usage_of(const std::vector<int>& pids, bool shared_pages) {
  Usage sum;
  std::string text;
  if (read_file("/proc/stat", text)) {
    size_t at = text.find("cpu0 ");
    unsigned long v[8] = {0};
    if (at != std::string::npos)
      sscanf(text.c_str() + at + 5, "%lu %lu %lu %lu %lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
             &v[7]);
    sum.core0_busy_ms = (v[0] + v[1] + v[2] + v[5] + v[6]) * 10.0;
  }
  if (pids.empty()) return sum;
  for (int pid : with_children(pids)) add_process(sum, pid, shared_pages);
  return sum;
}

double own_cpu_ms() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}
