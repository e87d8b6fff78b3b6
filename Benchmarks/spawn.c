// Starts a command COUNT times at once, waits for all of them, and writes what that cost to a descriptor:
//
//     spawn DESCRIPTOR COUNT COMMAND [ARGUMENT…]
//     → start in seconds of the monotonic clock, seconds in all, CPU seconds, peak KiB of the largest
//
// Linux counts the pages of the parent into a child's peak memory until the child has replaced its program. Python has
// tens of MiB of them, and this program next to none.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 4) return 64;
  int copies = atoi(arguments[2]), result = 0;
  long peak = 0;
  double cpu = 0, start = now();
  for (int copy = 0; copy < copies; copy++) {
    pid_t pid;
    if (posix_spawnp(&pid, arguments[3], NULL, NULL, arguments + 3, environ) != 0) return 71;
  }
  for (int copy = 0; copy < copies; copy++) {
    int status;
    struct rusage usage;
    if (wait4(-1, &status, 0, &usage) < 0) return 71;
    if (status != 0) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    cpu += seconds(usage.ru_utime) + seconds(usage.ru_stime);
    if (usage.ru_maxrss > peak) peak = usage.ru_maxrss;
  }
  dprintf(atoi(arguments[1]), "%.6f %.6f %.6f %ld\n", start, now() - start, cpu, peak);
  return result;
}
