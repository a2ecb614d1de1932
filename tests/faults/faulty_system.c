/* Makes calls of the system fail as the environment says, for a program that is started with LD_PRELOAD:
 *   FAULTY_CLOCK=SECONDS           the wall clock is that much ahead, or behind
 *   FAULTY_CLOCK_JUMP=SECONDS      the same, from the second answer over a socket on
 *   FAULTY_RANDOM=1                there are no random bytes
 *   FAULTY_SYNC=1                  fsync fails with EIO */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>

static int received;

static long seconds_of(const char* name) {
  const char* text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static long ahead(void) { return seconds_of("FAULTY_CLOCK") + (received >= 2 ? seconds_of("FAULTY_CLOCK_JUMP") : 0); }

int clock_gettime(clockid_t clock, struct timespec* time) {
  static int (*real)(clockid_t, struct timespec*);
  if (real == NULL) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += ahead();
  return result;
}

time_t time(time_t* to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != NULL) *to = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval* restrict to, void* restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec;
  to->tv_usec = now.tv_nsec / 1000;
  return 0;
}

ssize_t recv(int socket, void* buffer, size_t size, int flags) {
  static ssize_t (*real)(int, void*, size_t, int);
  if (real == NULL) real = (ssize_t (*)(int, void*, size_t, int))dlsym(RTLD_NEXT, "recv");
  const ssize_t result = real(socket, buffer, size, flags);
  if (result > 0) ++received;
  return result;
}

static int refuse_random(void) {
  if (seconds_of("FAULTY_RANDOM") == 0) return 0;
  errno = EIO;
  return 1;
}

ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  static ssize_t (*real)(void*, size_t, unsigned);
  if (refuse_random()) return -1;
  if (real == NULL) real = (ssize_t (*)(void*, size_t, unsigned))dlsym(RTLD_NEXT, "getrandom");
  return real(buffer, size, flags);
}

int getentropy(void* buffer, size_t size) {
  static int (*real)(void*, size_t);
  if (refuse_random()) return -1;
  if (real == NULL) real = (int (*)(void*, size_t))dlsym(RTLD_NEXT, "getentropy");
  return real(buffer, size);
}

/* libcrypto has other sources, and asks them through these. */
int RAND_bytes(unsigned char* buffer, int size) {
  static int (*real)(unsigned char*, int);
  if (refuse_random()) return 0;
  if (real == NULL) real = (int (*)(unsigned char*, int))dlsym(RTLD_NEXT, "RAND_bytes");
  return real(buffer, size);
}

int fsync(int file) {
  static int (*real)(int);
  if (seconds_of("FAULTY_SYNC") != 0) {
    errno = EIO;
    return -1;
  }
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(file);
}
