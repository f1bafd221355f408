// loadgen: single-threaded epoll WebSocket load generator for Yjs sync servers and event fan-out servers.
// Built and run by generator.py; what it measures is told in README.md.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cinttypes>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <set>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <vector>
using std::string; using std::vector;
typedef int64_t i64; typedef uint64_t u64; typedef uint32_t u32; typedef uint8_t u8;

static i64 now_ns() { timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000LL + t.tv_nsec; }
static void die(const char* f, ...) { va_list a; va_start(a, f); vfprintf(stderr, f, a); va_end(a); fputc('\n', stderr); exit(2); }

// ---------------------------------------------------------------- options
struct Opt {
  string mode = "run", proto = "y", path = "/{room}", wpath, room = "bench", token, dump, file, script, autoreply, pubpre, pubpost, rootname = "text";
  vector<string> headers;
  vector<int> ports, rports; // ports for writers, receivers
  vector<int> pids;
  int docs = 1, writers = 1, recv = 10, window = 32, inflight = 64, first = -1, payload = 100, count = 1;
  double rate = 0, warmup = 1, dur = 5, drain = 10, settle = 0.5, hold = 0, conn_timeout = 120;
  bool hold_stdin = false, sse = false, pubhttp = false, text = true, relayed_only = false;
  u32 client_base = 0; u64 expect_clock = 0; u32 expect_client = 0;
} O;

// ---------------------------------------------------------------- histogram (log-linear, <0.8% error)
struct Hist {
  static const int SUB = 128; vector<u64> b; u64 n = 0; i64 mx = 0, mn = INT64_MAX; double sum = 0;
  Hist() : b(64 * SUB, 0) {}
  static int idx(u64 v) { if (v < SUB) return (int)v; int e = 63 - __builtin_clzll(v); int sh = e - 7; return (sh + 1) * SUB + (int)((v >> sh) - SUB); }
  static u64 val(int i) { if (i < SUB) return i; int sh = i / SUB - 1; return ((u64)(i % SUB) + SUB) << sh; }
  void add(i64 v) { if (v < 0) v = 0; b[idx(v)]++; n++; sum += v; if (v > mx) mx = v; if (v < mn) mn = v; }
  double q(double p) const { if (!n) return 0; u64 t = (u64)(p * n); if (t >= n) t = n - 1; u64 c = 0; for (size_t i = 0; i < b.size(); i++) { c += b[i]; if (c > t) return val(i); } return mx; }
};

// ---------------------------------------------------------------- server cpu/rss accounting
struct Usage { double stat_ms = 0, sched_ms = 0, cpu0_busy_ms = 0; long rss_kb = 0, hwm_kb = 0; int nproc = 0; std::map<int, double> per; };
static bool slurp(const char* p, string& s) { int f = open(p, O_RDONLY); if (f < 0) return false; s.clear(); char b[8192]; ssize_t n; while ((n = read(f, b, sizeof b)) > 0) s.append(b, n); close(f); return true; }
static Usage usage() {
  Usage u; string s; char p[128];
  if (slurp("/proc/stat", s)) { size_t at = s.find("cpu0 "); if (at != string::npos) { u64 v[10] = {0}; sscanf(s.c_str() + at + 5, "%lu %lu %lu %lu %lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]); u.cpu0_busy_ms = (v[0] + v[1] + v[2] + v[5] + v[6]) * 10.0; } }
  if (O.pids.empty()) return u;
  std::map<int, int> ppid; DIR* d = opendir("/proc"); while (dirent* e = readdir(d)) { int pid = atoi(e->d_name); if (!pid) continue; snprintf(p, sizeof p, "/proc/%d/stat", pid); if (!slurp(p, s)) continue; size_t r = s.rfind(')'); if (r == string::npos) continue; int pp; char st; if (sscanf(s.c_str() + r + 1, " %c %d", &st, &pp) == 2) ppid[pid] = pp; } closedir(d);
  std::set<int> tree(O.pids.begin(), O.pids.end()); bool ch = true; while (ch) { ch = false; for (auto& kv : ppid) if (!tree.count(kv.first) && tree.count(kv.second)) { tree.insert(kv.first); ch = true; } }
  for (int pid : tree) {
    snprintf(p, sizeof p, "/proc/%d/stat", pid); if (!slurp(p, s)) continue; size_t r = s.rfind(')'); unsigned long ut = 0, stt = 0;
    sscanf(s.c_str() + r + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &stt); u.stat_ms += (ut + stt) * 10.0; u.per[pid] = (ut + stt) * 10.0; u.nproc++;
    snprintf(p, sizeof p, "/proc/%d/task", pid); DIR* t = opendir(p); if (t) { while (dirent* e = readdir(t)) { if (!atoi(e->d_name)) continue; char q[192]; snprintf(q, sizeof q, "/proc/%d/task/%s/schedstat", pid, e->d_name); if (slurp(q, s)) u.sched_ms += strtoull(s.c_str(), 0, 10) / 1e6; } closedir(t); }
    snprintf(p, sizeof p, "/proc/%d/status", pid); if (slurp(p, s)) { size_t a = s.find("VmRSS:"), b = s.find("VmHWM:"); if (a != string::npos) u.rss_kb += atol(s.c_str() + a + 6); if (b != string::npos) u.hwm_kb += atol(s.c_str() + b + 6); }
  }
  return u;
}
static double self_cpu_ms() { rusage r; getrusage(RUSAGE_SELF, &r); return r.ru_utime.tv_sec * 1e3 + r.ru_utime.tv_usec / 1e3 + r.ru_stime.tv_sec * 1e3 + r.ru_stime.tv_usec / 1e3; }

// ---------------------------------------------------------------- encoding helpers
static void pv(string& s, u64 v) { while (v > 127) { s += (char)(128 | (v & 127)); v >>= 7; } s += (char)v; }
static void ps(string& s, const string& t) { pv(s, t.size()); s += t; }
struct Rd { const u8 *p, *e; bool ok = true; u64 v() { u64 r = 0; int sh = 0; while (p < e) { u8 b = *p++; r |= (u64)(b & 127) << sh; if (b < 128) return r; sh += 7; if (sh > 63) break; } ok = false; return 0; } void skip(u64 n) { if ((u64)(e - p) < n) { ok = false; p = e; } else p += n; } u8 b() { if (p < e) return *p++; ok = false; return 0; } };

// one-char-append Yjs v1 update: writer `c` inserts its k-th char after its own (k-1)-th char, in root text O.rootname
static void yupdate(string& out, u32 c, u64 k) {
  out += (char)1; out += (char)1; pv(out, c); pv(out, k);
  if (k == 0) { out += (char)4; out += (char)1; ps(out, O.rootname); }
  else { out += (char)0x84; pv(out, c); pv(out, k - 1); }
  out += (char)1; out += (char)('a' + k % 26); out += (char)0;
}

// ---------------------------------------------------------------- state
enum St { CONNECTING, HTTP, OPEN, DEAD };
struct Writer { int doc, li; u32 id; u64 sent = 0, done = 0; int nrecv = 0; vector<i64> ts; vector<uint16_t> cnt; };
struct Doc { string room, hpre; vector<int> w; };
struct Conn {
  int fd = -1; St st = CONNECTING; bool synced = false, sse = false, httppub = false, sent_auth = false; int doc = 0, wi = -1, idx = 0, port = 0; size_t step = 0; i64 t0 = 0, topen = 0; string in, out, frag; bool wantw = false;
  vector<u64> next; u64 echo = 0; u64 maxclock = 0;
};
static vector<Doc> docs; static vector<Writer> W; static vector<Conn> C; static int ep;
static u64 deliveries, frames, bytes_in, gaps, dups, leaks, unparsed, echoes, acks, awareness, disconnects, denied, syncs, recvcalls, sends;
static i64 T_m0 = INT64_MAX, T_m1 = INT64_MAX; static Hist lat, late; static vector<int> ready; static u64 nsynced; static i64 tnow; static string lastclose; static u64 stray;
struct Script { char k; string v; }; static vector<Script> script;
static FILE* dumpf; static u64 covered; static bool load_step2; static u64 load_bytes;

static void setw(Conn& c, bool w) { if (c.wantw == w) return; c.wantw = w; epoll_event e; e.events = EPOLLIN | EPOLLET | EPOLLRDHUP | (w ? EPOLLOUT : 0); e.data.u32 = c.idx; epoll_ctl(ep, EPOLL_CTL_MOD, c.fd, &e); }
static void kill_conn(Conn& c, const char* why) { if (c.st == DEAD) return; if (c.synced) nsynced--; c.st = DEAD; disconnects++; lastclose = why; close(c.fd); }
static void rawsend(Conn& c, const char* d, size_t n) {
  if (c.st == DEAD) return;
  if (c.out.empty()) { ssize_t r = send(c.fd, d, n, MSG_NOSIGNAL); sends++; if (r < 0) { if (errno != EAGAIN) { kill_conn(c, "send"); return; } r = 0; } if ((size_t)r == n) return; d += r; n -= r; }
  c.out.append(d, n); setw(c, true);
}
static const u8 MK[4] = {0x37, 0xfa, 0x21, 0x3d};
static void wsframe(string& f, int op, const char* d, size_t n) {
  f += (char)(0x80 | op); if (n < 126) f += (char)(0x80 | n); else if (n < 65536) { f += (char)(0x80 | 126); f += (char)(n >> 8); f += (char)n; } else { f += (char)(0x80 | 127); for (int i = 7; i >= 0; i--) f += (char)((u64)n >> (8 * i)); }
  f.append((const char*)MK, 4); size_t o = f.size(); f.append(d, n); for (size_t i = 0; i < n; i++) f[o + i] ^= MK[i & 3];
}
static void wssend(Conn& c, int op, const string& s) { static string f; f.clear(); wsframe(f, op, s.data(), s.size()); rawsend(c, f.data(), f.size()); }
static string subst(string s, const Conn& c) { auto rep = [&](const char* k, const string& v) { size_t p; while ((p = s.find(k)) != string::npos) s.replace(p, strlen(k), v); }; rep("{room}", docs[c.doc].room); rep("{token}", O.token); return s; }

static void mark_synced(Conn& c) { if (!c.synced) { c.synced = true; nsynced++; syncs++; } }
static void run_script(Conn& c) { while (c.step < script.size() && script[c.step].k == 'S') { wssend(c, 1, subst(script[c.step].v, c)); c.step++; } if (c.step >= script.size()) mark_synced(c); }

static void on_open(Conn& c) {
  c.topen = now_ns(); c.st = OPEN;
  if (O.proto == "y") { string m("\x00\x00\x01\x00", 4); wssend(c, 2, m); }
  else if (O.proto == "hocus") { string m = docs[c.doc].hpre; m += (char)2; m += (char)0; ps(m, O.token); ps(m, "4.7.0"); wssend(c, 2, m); }
  else if (O.proto == "lb") wssend(c, 1, "[{\"type\":300,\"vector\":\"\"}]");
  else run_script(c);
}
// record receipt of clock range [k,k+n) of writer gi by conn c
static inline void got(Conn& c, u32 gi, u64 k, u64 n) {
  if (gi >= W.size()) { stray++; return; }
  Writer& w = W[gi]; if (w.doc != c.doc) { leaks++; return; }
  // A server may echo all, none or some of a writer's own updates (those that it merged with others'): only a step back is wrong.
  if (c.wi == (int)gi) { if (k < c.echo) dups++; c.echo = k + n; echoes += n; return; }
  u64& nx = c.next[w.li];
  if (k != nx) { if (k > nx) gaps += k - nx; else { u64 o = std::min(n, nx - k); dups += o; k += o; n -= o; if (!n) return; } }
  nx = k + n; deliveries += n;
  for (u64 i = k; i < k + n; i++) {
    if (i >= w.ts.size()) { stray++; continue; }
    i64 t = w.ts[i]; if (t >= T_m0 && t < T_m1) lat.add(tnow - t);
    if (++w.cnt[i] == w.nrecv) { while (w.done < w.sent && w.cnt[w.done] == w.nrecv) w.done++; ready.push_back(gi); }
  }
}
static bool parse_update(Conn& c, const u8* p, size_t n, bool isload) {
  Rd r{p, p + n}; u64 nc = r.v();
  for (u64 i = 0; i < nc && r.ok; i++) {
    u64 ns = r.v(), cl = r.v(), ck = r.v(), k0 = ck;
    for (u64 j = 0; j < ns && r.ok; j++) {
      u8 info = r.b(); int ref = info & 31;
      if (ref == 0 || ref == 10) { ck += r.v(); continue; }
      if (info & 0x80) { r.v(); r.v(); } if (info & 0x40) { r.v(); r.v(); }
      if (!(info & 0xC0)) { if (r.v() == 1) r.skip(r.v()); else { r.v(); r.v(); } if (info & 0x20) r.skip(r.v()); }
      if (ref == 1) ck += r.v(); else if (ref == 4) { u64 L = r.v(); if ((u64)(r.e - r.p) < L) { r.ok = false; break; } u64 u16 = 0; for (u64 q = 0; q < L; q++) { u8 b = r.p[q]; if ((b & 0xC0) != 0x80) u16 += (b >= 0xF0) ? 2 : 1; } r.p += L; ck += u16; } else { unparsed++; return false; }
    }
    if (!r.ok) break;
    if (isload) { if (cl == O.expect_client || !O.expect_client) covered = std::max(covered, ck); }
    else if (cl >= O.client_base && cl < (u64)O.client_base + W.size()) got(c, cl - O.client_base, k0, ck - k0);
    else { stray++; }
    c.maxclock = std::max(c.maxclock, ck);
  }
  if (!r.ok) { unparsed++; return false; }
  return true;
}
static void on_sync(Conn& c, Rd& r) {
  u64 t = r.v();
  if (t == 0) { r.skip(r.v()); string m; if (O.proto == "hocus") { m = docs[c.doc].hpre; m += (char)0; } else m += (char)0; m += (char)1; m += (char)2; m += (char)0; m += (char)0; wssend(c, 2, m); }
  else if (t == 1 || t == 2) { u64 n = r.v(); if ((u64)(r.e - r.p) < n) { unparsed++; return; }
    if (O.mode == "load") { load_bytes += n; if (dumpf) { u32 L = n; fwrite(&L, 4, 1, dumpf); fwrite(r.p, 1, n, dumpf); } if (t == 1) load_step2 = true; }
    const u8* q = r.p; r.skip(n); parse_update(c, q, n, O.mode == "load" || O.mode == "seed");
    if (t == 1) mark_synced(c); }
  else unparsed++;
}
static void on_text(Conn& c, const char* p, size_t n) {
  if (!c.synced && c.step < script.size()) { const string& v = script[c.step].v; if (n >= v.size() && !memcmp(p, v.data(), v.size())) { c.step++; run_script(c); return; } }
  const char* e = p + n; bool any = false;
  while (p < e) { const char* q = (const char*)memmem(p, e - p, "\"s\":", 4); int off = 4; if (!q) { q = (const char*)memmem(p, e - p, "\\\"s\\\":", 6); off = 6; } if (!q) break; q += off; u64 s = 0; while (q < e && *q >= '0' && *q <= '9') s = s * 10 + (*q++ - '0'); const char* z = (const char*)memchr(q, ':', e - q); if (!z) break; z++; u32 w = 0; while (z < e && *z >= '0' && *z <= '9') w = w * 10 + (*z++ - '0'); got(c, w, s, 1); p = z; any = true; }
  if (!any && !O.autoreply.empty()) { size_t eq = O.autoreply.find('='); if (n == eq && !memcmp(e - n, O.autoreply.data(), n)) wssend(c, 1, O.autoreply.substr(eq + 1)); }
}
static const char B64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static string b64e(const string& s) { string o; size_t i = 0; for (; i + 2 < s.size(); i += 3) { u32 v = (u8)s[i] << 16 | (u8)s[i + 1] << 8 | (u8)s[i + 2]; o += B64[v >> 18]; o += B64[v >> 12 & 63]; o += B64[v >> 6 & 63]; o += B64[v & 63]; } if (i < s.size()) { u32 v = (u8)s[i] << 16 | (i + 1 < s.size() ? (u8)s[i + 1] << 8 : 0); o += B64[v >> 18]; o += B64[v >> 12 & 63]; o += i + 1 < s.size() ? B64[v >> 6 & 63] : '='; o += '='; } return o; }
static string b64d(const char* p, size_t n) { static int8_t T[256]; static bool init = false; if (!init) { memset(T, -1, 256); for (int i = 0; i < 64; i++) T[(u8)B64[i]] = i; init = true; } string o; u32 v = 0; int k = 0; for (size_t i = 0; i < n; i++) { int x = T[(u8)p[i]]; if (x < 0) continue; v = v << 6 | x; if (++k == 4) { o += (char)(v >> 16); o += (char)(v >> 8); o += (char)v; k = 0; v = 0; } } if (k == 3) { o += (char)(v >> 10); o += (char)(v >> 2); } else if (k == 2) o += (char)(v >> 4); return o; }
static bool parse_update(Conn& c, const u8* p, size_t n, bool isload);
// Liveblocks: JSON text frames; {"type":300,"update":"<base64>","isSync":bool,...}, possibly several in one array
static void on_lb(Conn& c, const char* p, size_t n) {
  const char* e = p + n; while (p < e) { const char* q = (const char*)memmem(p, e - p, "\"update\":\"", 10); if (!q) return; q += 10; const char* z = (const char*)memchr(q, '"', e - q); if (!z) return; const char* end = (const char*)memchr(z, '}', e - z); if (!end) end = e;
    bool sync = memmem(z, end - z, "\"isSync\":true", 13); string u = b64d(q, z - q); if (O.mode == "load") { load_bytes += u.size(); if (dumpf) { u32 L = u.size(); fwrite(&L, 4, 1, dumpf); fwrite(u.data(), 1, L, dumpf); } if (sync) load_step2 = true; }
    parse_update(c, (const u8*)u.data(), u.size(), O.mode == "load" || O.mode == "seed"); if (sync) mark_synced(c); p = end; }
}
static void on_msg(Conn& c, int op, const u8* p, size_t n) {
  frames++;
  if (O.proto == "raw") { on_text(c, (const char*)p, n); return; }
  if (O.proto == "lb") { on_lb(c, (const char*)p, n); return; }
  Rd r{p, p + n};
  if (O.proto == "hocus") {
    u64 L = r.v(); const string& h = docs[c.doc].room; if ((u64)(r.e - r.p) < L) { unparsed++; return; } if (L != h.size() || memcmp(r.p, h.data(), L)) leaks++; r.p += L;
    u64 t = r.v(); switch (t) { case 0: case 4: on_sync(c, r); break; case 1: awareness++; break; case 2: { u64 s = r.v(); if (s == 2) { string m = docs[c.doc].hpre; m.append("\x00\x00\x01\x00", 4); wssend(c, 2, m); } else if (s == 1) denied++; break; } case 8: acks++; break; default: break; }
    return;
  }
  while (r.ok && r.p < r.e) { u64 t = r.v(); if (t == 0) on_sync(c, r); else if (t == 1) { awareness++; r.skip(r.v()); } else { if (t == 2) denied++; else acks++; break; } } // some servers put several y-messages in one frame
}
// parse as many complete frames as possible from buffer; returns bytes consumed
static size_t parse_ws(Conn& c, const u8* b, size_t n) {
  size_t o = 0;
  while (n - o >= 2) {
    const u8* p = b + o; size_t h = 2; u64 L = p[1] & 127; if (L == 126) { if (n - o < 4) break; L = p[2] << 8 | p[3]; h = 4; } else if (L == 127) { if (n - o < 10) break; L = 0; for (int i = 0; i < 8; i++) L = L << 8 | p[2 + i]; h = 10; }
    if (p[1] & 128) die("masked frame from server"); if (p[0] & 0x70) die("RSV bits set");
    if (n - o < h + L) break;
    int op = p[0] & 15; bool fin = p[0] & 128; const u8* d = p + h; o += h + L;
    if (op == 9) { wssend(c, 10, string((const char*)d, L)); continue; } if (op == 10) continue;
    if (op == 8) { char m[160]; snprintf(m, sizeof m, "close frame %d %.*s", L >= 2 ? d[0] << 8 | d[1] : 0, (int)(L > 2 ? std::min<u64>(L - 2, 100) : 0), d + 2); kill_conn(c, m); return o; }
    if (op == 0 || !fin) { c.frag.append((const char*)d, L); if (fin) { string f; f.swap(c.frag); on_msg(c, 2, (const u8*)f.data(), f.size()); } }
    else on_msg(c, op, d, L);
    if (c.st == DEAD) return o;
  }
  return o;
}
static size_t parse_any(Conn& c, const u8* b, size_t n) {
  if (c.st == HTTP) {
    const u8* e = (const u8*)memmem(b, n, "\r\n\r\n", 4); if (!e) return 0;
    size_t o = e + 4 - b; bool ok = c.sse ? n > 12 && !memcmp(b + 9, "200", 3) : n > 12 && !memcmp(b + 9, "101", 3);
    if (!ok) { lastclose = "http: " + string((const char*)b, std::min<size_t>(n, 300)); kill_conn(c, lastclose.c_str()); return n; }
    if (c.sse) { c.st = OPEN; c.topen = now_ns(); mark_synced(c); } else on_open(c);
    return o + parse_any(c, b + o, n - o);
  }
  if (c.httppub) return n;
  if (c.sse) { size_t o = 0; const u8* q; while ((q = (const u8*)memchr(b + o, '\n', n - o))) { size_t L = q - (b + o); if (L > 4) { frames++; on_text(c, (const char*)b + o, L); } o = q + 1 - b; } return o; }
  return parse_ws(c, b, n);
}
static u8* RB; static const size_t RBN = 1 << 20;
static void on_read(Conn& c) {
  for (;;) {
    ssize_t r = recv(c.fd, RB, RBN, 0); recvcalls++;
    if (r < 0) { if (errno == EAGAIN || errno == EINTR) return; kill_conn(c, strerror(errno)); return; }
    if (r == 0) { kill_conn(c, "eof"); return; }
    bytes_in += r; tnow = now_ns();
    if (c.in.empty()) { size_t o = parse_any(c, RB, r); if (c.st == DEAD) return; if (o < (size_t)r) c.in.assign((char*)RB + o, r - o); }
    else { c.in.append((char*)RB, r); // avoid quadratic re-parse for big frames: only parse when enough
      static size_t need; need = 0; if (c.st == OPEN && !c.sse && c.in.size() >= 10) { const u8* p = (const u8*)c.in.data(); u64 L = p[1] & 127; size_t h = 2; if (L == 126) { L = p[2] << 8 | p[3]; h = 4; } else if (L == 127) { L = 0; for (int i = 0; i < 8; i++) L = L << 8 | p[2 + i]; h = 10; } need = h + L; }
      if (c.in.size() >= need) { string t; t.swap(c.in); size_t o = parse_any(c, (const u8*)t.data(), t.size()); if (c.st == DEAD) return; if (o < t.size()) c.in.assign(t, o, string::npos); } }
    if ((size_t)r < RBN) return;
  }
}
static void on_write(Conn& c) {
  if (c.st == CONNECTING) {
    int err = 0; socklen_t l = sizeof err; getsockopt(c.fd, SOL_SOCKET, SO_ERROR, &err, &l); if (err) { kill_conn(c, strerror(err)); return; }
    setw(c, false);
    string path = subst(c.wi >= 0 && !O.wpath.empty() ? O.wpath : O.path, c);
    if (c.wi >= 0 && O.pubhttp) { c.httppub = true; c.st = OPEN; mark_synced(c); return; }
    c.st = HTTP; string h = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(c.port) + "\r\n";
    if (O.sse && c.wi < 0) { c.sse = true; h += "Accept: text/event-stream\r\n"; } else h += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1\r\n";
    for (auto& x : O.headers) h += subst(x, c) + "\r\n"; h += "\r\n"; rawsend(c, h.data(), h.size()); return;
  }
  if (!c.out.empty()) { ssize_t r = send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL); if (r < 0) { if (errno == EAGAIN) return; kill_conn(c, "send"); return; } c.out.erase(0, r); }
  if (c.out.empty()) setw(c, false);
}
static void start_conn(Conn& c) {
  c.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); if (c.fd < 0) die("socket: %s", strerror(errno));
  int one = 1; setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); linger lg{1, 0}; setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
  sockaddr_in a{}; a.sin_family = AF_INET; a.sin_addr.s_addr = htonl(INADDR_LOOPBACK); a.sin_port = htons(c.port); c.t0 = now_ns(); c.st = CONNECTING;
  if (connect(c.fd, (sockaddr*)&a, sizeof a) < 0 && errno != EINPROGRESS) die("connect: %s", strerror(errno));
  epoll_event e; e.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP; e.data.u32 = c.idx; c.wantw = true; epoll_ctl(ep, EPOLL_CTL_ADD, c.fd, &e);
}
static epoll_event EV[2048]; static i64 idle_ns;
static void poll_once(int tmo) {
  i64 a = now_ns(); int n = epoll_wait(ep, EV, 2048, tmo); if (n <= 0) { idle_ns += now_ns() - a; return; }
  for (int i = 0; i < n; i++) { Conn& c = C[EV[i].data.u32]; if (c.st == DEAD) continue; if (EV[i].events & EPOLLOUT) on_write(c); if (c.st != DEAD && (EV[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))) on_read(c); }
}
static vector<int> wconn;
static void send_update(int gi, i64 ts) {
  Writer& w = W[gi]; Conn& c = C[wconn[gi]]; if (c.st == DEAD) return; static string m, f; m.clear(); f.clear();
  if (O.proto == "raw") {
    char b[64]; m = O.pubpre.empty() ? "" : subst(O.pubpre, c); snprintf(b, sizeof b, "{\"s\":%" PRIu64 ",\"w\":%d,\"d\":\"", w.sent, gi); m += b; m.append(O.payload, 'x'); m += "\"}"; if (!O.pubpost.empty()) m += subst(O.pubpost, c);
    if (c.httppub) { char h[512]; int n = snprintf(h, sizeof h, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n", subst(O.wpath.empty() ? O.path : O.wpath, c).c_str(), c.port, m.size()); f.assign(h, n); for (auto& x : O.headers) f += subst(x, c) + "\r\n"; f += "\r\n"; f += m; }
    else wsframe(f, 1, m.data(), m.size());
  } else if (O.proto == "lb") { static string u; u.clear(); yupdate(u, w.id, w.sent); m = "[{\"type\":301,\"update\":\"" + b64e(u) + "\"}]"; wsframe(f, 1, m.data(), m.size());
  } else {
    if (O.proto == "hocus") { m = docs[c.doc].hpre; m += (char)0; } else m += (char)0; m += (char)2; static string u; u.clear(); yupdate(u, w.id, w.sent); ps(m, u); wsframe(f, 2, m.data(), m.size());
  }
  w.ts.push_back(ts); w.cnt.push_back(0); w.sent++; rawsend(c, f.data(), f.size());
}
static void connect_all(i64& tdone) {
  size_t started = 0; i64 dl = now_ns() + (i64)(O.conn_timeout * 1e9); 
  while (nsynced + disconnects < C.size()) { while (started < C.size() && started - (nsynced + disconnects) < (size_t)O.inflight && (started < (size_t)O.first || nsynced + disconnects >= (u64)O.first)) start_conn(C[started++]); poll_once(1); if (now_ns() > dl) break; }
  tdone = now_ns();
}
static void spin_for(double s) { i64 e = now_ns() + (i64)(s * 1e9); while (now_ns() < e) poll_once(1); }

static string jq(const string& s) { string o = "\""; for (char ch : s) { if (ch == '"' || ch == '\\') { o += '\\'; o += ch; } else if ((u8)ch < 32) o += ' '; else o += ch; } return o + "\""; }

int main(int ac, char** av) {
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; i < ac; i++) {
    string k = av[i]; auto V = [&]() -> string { if (i + 1 >= ac) die("missing value for %s", k.c_str()); return av[++i]; };
    auto L = [&](vector<int>& v) { string s = V(); size_t p = 0; while (p < s.size()) { v.push_back(atoi(s.c_str() + p)); p = s.find(',', p); if (p == string::npos) break; p++; } };
    if (k == "--mode") O.mode = V(); else if (k == "--proto") O.proto = V(); else if (k == "--path") O.path = V(); else if (k == "--wpath") O.wpath = V(); else if (k == "--room") O.room = V(); else if (k == "--token") O.token = V();
    else if (k == "--header") O.headers.push_back(V()); else if (k == "--port") L(O.ports); else if (k == "--rport") L(O.rports); else if (k == "--pids") L(O.pids); else if (k == "--docs") O.docs = atoi(V().c_str()); else if (k == "--writers") O.writers = atoi(V().c_str()); else if (k == "--recv") O.recv = atoi(V().c_str());
    else if (k == "--window") O.window = atoi(V().c_str()); else if (k == "--inflight") O.inflight = atoi(V().c_str()); else if (k == "--first") O.first = atoi(V().c_str()); else if (k == "--payload") O.payload = atoi(V().c_str()); else if (k == "--count") O.count = atoi(V().c_str()); else if (k == "--rate") O.rate = atof(V().c_str()); else if (k == "--warmup") O.warmup = atof(V().c_str()); else if (k == "--dur") O.dur = atof(V().c_str()); else if (k == "--drain") O.drain = atof(V().c_str());
    else if (k == "--settle") O.settle = atof(V().c_str()); else if (k == "--hold-stdin") O.hold_stdin = true; else if (k == "--sse") O.sse = true; else if (k == "--pubhttp") O.pubhttp = true; else if (k == "--script") O.script = V(); else if (k == "--autoreply") O.autoreply = V(); else if (k == "--pubpre") O.pubpre = V(); else if (k == "--pubpost") O.pubpost = V(); else if (k == "--client-base") O.client_base = strtoul(V().c_str(), 0, 10);
    else if (k == "--dump") O.dump = V(); else if (k == "--file") O.file = V(); else if (k == "--expect-clock") O.expect_clock = strtoull(V().c_str(), 0, 10); else if (k == "--expect-client") O.expect_client = strtoul(V().c_str(), 0, 10); else if (k == "--conn-timeout") O.conn_timeout = atof(V().c_str()); else if (k == "--rootname") O.rootname = V();
    else die("unknown option %s", k.c_str());
  }
  if (O.ports.empty()) die("--port?"); if (O.rports.empty()) O.rports = O.ports;
  if (!O.client_base) { srand(getpid() ^ time(0)); O.client_base = 100000000u + (rand() % 3000) * 1000000u % 2000000000u; }
  { string s = O.script; size_t p = 0; while (p < s.size()) { size_t q = s.find("|", p); if (q == string::npos) q = s.size(); if (q > p + 1) script.push_back({s[p], s.substr(p + 2, q - p - 2)}); p = q + 1; } }
  RB = (u8*)malloc(RBN); ep = epoll_create1(0);

  if (O.mode == "load") { // sequential fresh clients: time to full document
    docs.resize(1); docs[0].room = O.room; ps(docs[0].hpre, O.room); printf("RESULT {\"runs\":["); C.reserve(O.count);
    for (int k = 0; k < O.count; k++) {
      if (dumpf) { fclose(dumpf); dumpf = 0; } if (!O.dump.empty()) dumpf = fopen(O.dump.c_str(), "wb");
      covered = 0; load_step2 = false; load_bytes = 0; C.emplace_back(); Conn& c = C.back(); c.idx = C.size() - 1; c.port = O.ports[0]; c.doc = 0; u64 d0 = disconnects; start_conn(c);
      i64 dl = now_ns() + (i64)(O.conn_timeout * 1e9), t2 = 0, tf = 0;
      for (;;) { poll_once(O.expect_clock ? 0 : 5); i64 t = now_ns(); if (load_step2 && !t2) t2 = t; if (O.expect_clock ? covered >= O.expect_clock : (load_step2 && t - t2 > (i64)(O.settle * 1e9))) { tf = t; break; } if (disconnects > d0 || t > dl) break; }
      printf("%s{\"open_ms\":%.3f,\"step2_ms\":%.3f,\"full_ms\":%.3f,\"bytes\":%" PRIu64 ",\"covered\":%" PRIu64 ",\"ok\":%s}", k ? "," : "", c.topen ? (c.topen - c.t0) / 1e6 : -1, t2 ? (t2 - c.t0) / 1e6 : -1, tf ? (tf - c.t0) / 1e6 : -1, load_bytes, covered, tf ? "true" : "false");
      if (c.st != DEAD) { shutdown(c.fd, SHUT_RDWR); close(c.fd); c.st = DEAD; }
    }
    Usage u = usage(); printf("],\"rss_kb\":%ld,\"hwm_kb\":%ld,\"cpu_stat_ms\":%.0f,\"unparsed\":%" PRIu64 ",\"lastclose\":%s}\n", u.rss_kb, u.hwm_kb, u.stat_ms, unparsed, jq(lastclose).c_str()); return 0;
  }
  if (O.mode == "seed") { // replay file of [u32 len][u32 clock_after][bytes] through one writer; a second client's received clock is the flow control
    docs.resize(1); docs[0].room = O.room; ps(docs[0].hpre, O.room); C.resize(2); for (int i = 0; i < 2; i++) { C[i].idx = i; C[i].port = O.ports[0]; } C[0].wi = 0;
    i64 td; connect_all(td); if (nsynced < 2) die("seed connect failed: %s", lastclose.c_str()); spin_for(0.3);
    string f; if (!slurp(O.file.c_str(), f)) die("file"); size_t p = 0; u64 n = 0; i64 t0 = now_ns(), dl = t0 + (i64)(O.conn_timeout * 1e9); covered = 0; string m, fr; u32 ck = 0; Usage a = usage();
    while (p < f.size()) { u32 L; memcpy(&L, &f[p], 4); memcpy(&ck, &f[p + 4], 4); while (ck > C[1].maxclock + O.window || C[0].out.size() > 65536) { poll_once(0); if (now_ns() > dl || disconnects) goto out; } m.clear(); fr.clear(); if (O.proto == "lb") { m = "[{\"type\":301,\"update\":\"" + b64e(f.substr(p + 8, L)) + "\"}]"; wsframe(fr, 1, m.data(), m.size()); rawsend(C[0], fr.data(), fr.size()); p += 8 + L; n++; if (!(n & 15)) poll_once(0); continue; } if (O.proto == "hocus") m = docs[0].hpre; m += (char)0; m += (char)2; pv(m, L); m.append(f, p + 8, L); wsframe(fr, 2, m.data(), m.size()); rawsend(C[0], fr.data(), fr.size()); p += 8 + L; n++; if (!(n & 15)) poll_once(0); }
    while (C[1].maxclock < ck && now_ns() < dl && !disconnects) poll_once(0);
  out:
    i64 t1 = now_ns(); if (O.settle > 0) spin_for(O.settle); Usage b = usage();
    printf("RESULT {\"sent\":%" PRIu64 ",\"secs\":%.3f,\"clock\":%" PRIu64 ",\"want\":%u,\"frames\":%" PRIu64 ",\"disconnects\":%" PRIu64 ",\"cpu_stat_ms\":%.0f,\"rss_kb\":%ld,\"hwm_kb\":%ld,\"lastclose\":%s}\n", n, (t1 - t0) / 1e9, C[1].maxclock, ck, frames, disconnects, b.stat_ms - a.stat_ms, b.rss_kb, b.hwm_kb, jq(lastclose).c_str());
    if (O.hold_stdin) { pollfd pf{0, POLLIN, 0}; for (;;) { poll_once(20); if (poll(&pf, 1, 0) > 0) break; } }
    return 0;
  }
  // ---------------- run mode
  docs.resize(O.docs); int gi = 0;
  for (int d = 0; d < O.docs; d++) { docs[d].room = O.docs == 1 ? O.room : O.room + "-" + std::to_string(d); ps(docs[d].hpre, docs[d].room);
    for (int w = 0; w < O.writers; w++) { Writer x; x.doc = d; x.li = w; x.id = O.client_base + gi; x.nrecv = O.writers - 1 + O.recv; docs[d].w.push_back(gi); W.push_back(x); gi++; } }
  size_t total = (size_t)O.docs * (O.writers + O.recv); C.resize(total); size_t ci = 0; wconn.resize(W.size());
  if (O.first < 0) O.first = std::min((size_t)O.docs, total); // one client per doc first, alone: the rest join existing rooms
  // receivers first, then writers; interleave docs
  for (int r = 0; r < O.recv; r++) for (int d = 0; d < O.docs; d++) { Conn& c = C[ci]; c.idx = ci; c.doc = d; c.port = O.rports[ci % O.rports.size()]; c.next.assign(O.writers, 0); ci++; }
  for (int w = 0; w < O.writers; w++) for (int d = 0; d < O.docs; d++) { Conn& c = C[ci]; c.idx = ci; c.doc = d; c.wi = docs[d].w[w]; c.port = O.ports[w % O.ports.size()]; c.next.assign(O.writers, 0); wconn[c.wi] = ci; ci++; }
  Usage u0 = usage(); i64 tc0 = now_ns(), tc1; connect_all(tc1); Usage u1 = usage(); double tconn = (tc1 - tc0) / 1e9; u64 conn_ok = nsynced;
  spin_for(O.settle); Usage u1b = usage();
  if (O.hold_stdin || conn_ok < total) {
    printf("CONNECTED {\"conns\":%zu,\"synced\":%" PRIu64 ",\"connect_s\":%.4f,\"conn_per_s\":%.1f,\"disconnects\":%" PRIu64 ",\"denied\":%" PRIu64 ",\"cpu_connect_stat_ms\":%.0f,\"cpu_connect_sched_ms\":%.1f,\"rss0_kb\":%ld,\"rss1_kb\":%ld,\"hwm_kb\":%ld,\"lastclose\":%s}\n", total, conn_ok, tconn, conn_ok / tconn, disconnects, denied, u1.stat_ms - u0.stat_ms, u1.sched_ms - u0.sched_ms, u0.rss_kb, u1b.rss_kb, u1b.hwm_kb, jq(lastclose).c_str());
    if (O.hold_stdin) { pollfd pf{0, POLLIN, 0}; for (;;) { poll_once(20); if (poll(&pf, 1, 0) > 0) break; } Usage uh = usage(); printf("HELD {\"synced\":%" PRIu64 ",\"disconnects\":%" PRIu64 ",\"cpu_stat_ms\":%.0f,\"rss_kb\":%ld,\"hwm_kb\":%ld,\"lastclose\":%s}\n", nsynced, disconnects, uh.stat_ms - u1b.stat_ms, uh.rss_kb, uh.hwm_kb, jq(lastclose).c_str()); }
    if (!O.writers || conn_ok < total) return conn_ok < total ? 3 : 0;
  }
  for (auto& w : W) { size_t n = O.rate > 0 ? (size_t)(O.rate * (O.warmup + O.dur) * 1.2) + 64 : 200000 / W.size() + 1024; w.ts.reserve(n); w.cnt.reserve(n); }
  i64 t0 = now_ns(), tm = t0 + (i64)(O.warmup * 1e9), te = tm + (i64)(O.dur * 1e9); T_m0 = tm; T_m1 = te; bool meas = false; u64 d0 = 0, f0 = 0, s0 = 0, e0 = 0, rc0 = 0, by0 = 0; Usage ua; i64 idle0 = 0, rm0 = 0; double sc0 = 0; u64 k = 0; double dt = O.rate > 0 ? 1e9 / (O.rate * W.size()) : 0;
  auto totsent = [&]() { u64 s = 0; for (auto& w : W) s += w.sent; return s; };
  if (O.rate <= 0) for (size_t i = 0; i < W.size(); i++) ready.push_back(i);
  u64 dead0 = disconnects;
  for (;;) {
    i64 t = now_ns();
    if (!meas && t >= tm) { meas = true; ua = usage(); sc0 = self_cpu_ms(); d0 = deliveries; f0 = frames; s0 = totsent(); e0 = echoes; rc0 = recvcalls; by0 = bytes_in; idle0 = idle_ns; rm0 = now_ns(); }
    if (t >= te) break; if (disconnects > dead0 && O.relayed_only == false && disconnects > dead0 + C.size() / 2) break;
    if (O.rate > 0) { int burst = 0; while (t0 + (i64)(k * dt) <= t && burst++ < 256) { i64 ts = t0 + (i64)(k * dt); if (meas) late.add(t - ts); send_update(k % W.size(), ts); k++; } }
    else { size_t m = ready.size(); for (size_t i = 0; i < m; i++) { int g = ready[i]; while (W[g].sent - W[g].done < (u64)O.window) send_update(g, now_ns()); } ready.erase(ready.begin(), ready.begin() + m); }
    poll_once(0);
  }
  i64 rm1 = now_ns(); Usage ub = usage(); double sc1 = self_cpu_ms(); u64 d1 = deliveries, f1 = frames, s1 = totsent(), e1 = echoes, rc1 = recvcalls, by1 = bytes_in; i64 idle1 = idle_ns;
  // drain
  u64 expect = 0; for (auto& w : W) expect += w.sent * w.nrecv; i64 dl = now_ns() + (i64)(O.drain * 1e9), ld = now_ns(); bool dead = disconnects > dead0;
  while (deliveries + gaps < expect && now_ns() < dl && !dead) { poll_once(1); ld = now_ns(); if (disconnects > dead0) dead = true; }
  if (!dead) spin_for(0.3);
  double secs = (rm1 - rm0) / 1e9; u64 dd = d1 - d0, ds = s1 - s0; double cs = ub.stat_ms - ua.stat_ms, cc = ub.sched_ms - ua.sched_ms;
  u64 minrelay = UINT64_MAX, maxrelay = 0; for (auto& c : C) if (c.wi < 0 || O.recv == 0) for (size_t w = 0; w < c.next.size(); w++) { if (c.wi >= 0 && W[c.wi].li == (int)w) continue; minrelay = std::min(minrelay, c.next[w]); maxrelay = std::max(maxrelay, c.next[w]); }
  string per; for (auto& kv : ub.per) { char b[64]; snprintf(b, sizeof b, "%s\"%d\":%.0f", per.empty() ? "" : ",", kv.first, kv.second - (ua.per.count(kv.first) ? ua.per[kv.first] : 0)); per += b; }
  printf("RESULT {\"conns\":%zu,\"connect_s\":%.3f,\"secs\":%.3f,\"sent\":%" PRIu64 ",\"sent_per_s\":%.1f,\"delivered\":%" PRIu64 ",\"delivered_per_s\":%.1f,\"frames\":%" PRIu64 ",\"echoes\":%" PRIu64 ","
         "\"cpu_stat_ms\":%.0f,\"cpu_sched_ms\":%.1f,\"cpu0_busy_ms\":%.0f,\"cpu_pct\":%.1f,\"us_per_delivery\":%.3f,\"us_per_update\":%.3f,\"rss_kb\":%ld,\"hwm_kb\":%ld,\"nproc\":%d,\"per_pid_ms\":{%s},"
         "\"lat_ms\":{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,\"mean\":%.3f,\"n\":%" PRIu64 "},\"gen\":{\"idle_pct\":%.1f,\"late_p99_ms\":%.3f,\"late_max_ms\":%.3f,\"self_cpu_ms\":%.0f,\"recvcalls\":%" PRIu64 ",\"bytes_in\":%" PRIu64 "},"
         "\"verify\":{\"total_sent\":%" PRIu64 ",\"expected\":%" PRIu64 ",\"received\":%" PRIu64 ",\"gaps\":%" PRIu64 ",\"dups\":%" PRIu64 ",\"leaks\":%" PRIu64 ",\"unparsed\":%" PRIu64 ",\"stray\":%" PRIu64 ",\"disconnects\":%" PRIu64 ",\"drain_s\":%.2f,\"complete\":%s},\"relayed_min\":%" PRIu64 ",\"relayed_max\":%" PRIu64 ",\"client_base\":%u,\"acks\":%" PRIu64 ",\"awareness\":%" PRIu64 ",\"lastclose\":%s}\n",
         total, tconn, secs, ds, ds / secs, dd, dd / secs, f1 - f0, e1 - e0, cs, cc, ub.cpu0_busy_ms - ua.cpu0_busy_ms, cs / secs / 10, dd ? cc * 1000 / dd : 0, ds ? cc * 1000 / ds : 0, ub.rss_kb, ub.hwm_kb, ub.nproc, per.c_str(),
         lat.q(.5) / 1e6, lat.q(.9) / 1e6, lat.q(.99) / 1e6, lat.q(.999) / 1e6, lat.mx / 1e6, lat.n ? lat.sum / lat.n / 1e6 : 0, lat.n, 100.0 * (idle1 - idle0) / (rm1 - rm0), late.q(.99) / 1e6, late.mx / 1e6, sc1 - sc0, rc1 - rc0, by1 - by0,
         totsent(), expect, deliveries, gaps, dups, leaks, unparsed, stray, disconnects, (ld - rm1) / 1e9, (deliveries == expect && !gaps && !dups && !leaks && !unparsed && !disconnects) ? "true" : "false", minrelay == UINT64_MAX ? 0 : minrelay, maxrelay, O.client_base, acks, awareness, jq(lastclose).c_str());
  return 0;
}
