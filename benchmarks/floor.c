// The floor: a bare loop in C that sends each message that it hears to everybody else in its room, one send() each.
// It checks nothing, stores nothing, merges nothing and knows no Yjs. Usage: floor PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_SOCKETS = 70000, MOST_ROOMS = 20000, INPUT = 65536, EVENTS = 512 };

struct room {
  char path[128];
  int *members, count, capacity;
};

struct client {
  struct room *room;  // NULL until the handshake is done
  size_t size;
  uint8_t input[INPUT];
};

static struct room rooms[MOST_ROOMS];
static int room_count;
static struct client *clients[MOST_SOCKETS];

static struct room *room_at(const char *path) {
  for (int i = 0; i < room_count; i++)
    if (strcmp(rooms[i].path, path) == 0) return &rooms[i];
  snprintf(rooms[room_count].path, sizeof rooms[0].path, "%s", path);
  return &rooms[room_count++];
}

static void enter(struct room *room, int socket) {
  if (room->count == room->capacity) {
    room->capacity = room->capacity * 2 + 8;
    room->members = realloc(room->members, room->capacity * sizeof(int));
  }
  room->members[room->count++] = socket;
}

static void leave(int socket) {
  struct room *room = clients[socket]->room;
  for (int i = 0; room != NULL && i < room->count; i++)
    if (room->members[i] == socket) {
      room->members[i] = room->members[--room->count];
      break;
    }
  free(clients[socket]);
  clients[socket] = NULL;
  close(socket);
}

// Bytes used. The generator always sends the key of RFC 6455's example, so its answer is always this one.
static size_t shake_hands(struct client *client, int socket) {
  static const char answer[] =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  static const char plain[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  uint8_t *end = memmem(client->input, client->size, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  *end = 0;
  char path[128] = "";
  sscanf((char *)client->input, "GET %127s", path);
  if (strcasestr((char *)client->input, "\nsec-websocket-key:") == NULL) {
    send(socket, plain, sizeof plain - 1, MSG_NOSIGNAL);
    return end + 4 - client->input;
  }
  send(socket, answer, sizeof answer - 1, MSG_NOSIGNAL);
  client->room = room_at(path);
  enter(client->room, socket);
  return end + 4 - client->input;
}

static void pass_on(struct room *room, int from, const uint8_t *frame, size_t size) {
  for (int i = 0; i < room->count; i++) {
    if (room->members[i] == from) continue;
    ssize_t sent = send(room->members[i], frame, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (ssize_t)size) fprintf(stderr, "sent %zd of %zu: %s\n", sent, size, strerror(errno));
  }
}

// Bytes used; -1 when the client wants to leave.
static ssize_t hear(struct client *client, int socket) {
  static uint8_t frame[INPUT];
  size_t at = 0;
  while (client->size - at >= 6) {
    uint8_t *in = client->input + at;
    size_t length = in[1] & 127, head = 2;
    if (length == 126) {
      if (client->size - at < 8) break;
      length = in[2] << 8 | in[3];
      head = 4;
    }
    if (client->size - at < head + 4 + length) break;
    if ((in[0] & 15) == 8) return -1;
    uint8_t *mask = in + head, *payload = mask + 4;
    memcpy(frame, in, head);
    frame[1] &= 127;
    for (size_t i = 0; i < length; i++) frame[head + i] = payload[i] ^ mask[i & 3];
    if ((in[0] & 15) < 3) pass_on(client->room, socket, frame, head + length);
    at += head + 4 + length;
  }
  return at;
}

static void serve(int socket) {
  struct client *client = clients[socket];
  if (client == NULL) return;
  ssize_t got = recv(socket, client->input + client->size, INPUT - client->size, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    leave(socket);
    return;
  }
  client->size += got;
  ssize_t used = 0;
  if (client->room == NULL) used = shake_hands(client, socket);
  if (client->room != NULL) {
    memmove(client->input, client->input + used, client->size - used);
    client->size -= used;
    used = hear(client, socket);
  }
  if (used < 0) {
    leave(socket);
    return;
  }
  memmove(client->input, client->input + used, client->size - used);
  client->size -= used;
}

static void admit(int listener, int epoll) {
  int one = 1, socket;
  while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    clients[socket] = calloc(1, sizeof(struct client));
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  }
}

int main(int count, char **words) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(count > 1 ? atoi(words[1]) : 0),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("bind");
    return 1;
  }
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++)
      if (events[i].data.fd == listener)
        admit(listener, epoll);
      else
        serve(events[i].data.fd);
  }
}
