// SPDX-License-Identifier: Apache-2.0
#include "traced.hpp"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace storemark::bench {
namespace {

/// Where the counting begins and ends: a call that does nothing, with an argument that nobody else
/// would give.
constexpr long marker_call = SYS_getpriority;
constexpr std::uint64_t marker = 0x53'4d'62'65;

std::string name_of(std::uint64_t number) {
  struct Named {
    long number;
    const char* name;
  };
  constexpr Named known[] = {
      {SYS_pwritev2, "pwritev2"},
      {SYS_pwrite64, "pwrite64"},
      {SYS_write, "write"},
      {SYS_writev, "writev"},
      {SYS_fdatasync, "fdatasync"},
      {SYS_fsync, "fsync"},
      {SYS_msync, "msync"},
      {SYS_pread64, "pread64"},
      {SYS_read, "read"},
      {SYS_openat, "openat"},
      {SYS_close, "close"},
      {SYS_fcntl, "fcntl"},
      {SYS_lseek, "lseek"},
      {SYS_ftruncate, "ftruncate"},
      {SYS_fallocate, "fallocate"},
      {SYS_newfstatat, "newfstatat"},
      {SYS_getpid, "getpid"},
      {SYS_geteuid, "geteuid"},
      {SYS_fchown, "fchown"},
      {SYS_futex, "futex"},
      {SYS_rt_sigprocmask, "rt_sigprocmask"},
      {SYS_timerfd_create, "timerfd_create"},
      {SYS_timerfd_settime, "timerfd_settime"},
      {SYS_getrandom, "getrandom"},
      {SYS_clone3, "clone3"},
#ifdef SYS_rename  // what newer machines do not have
      {SYS_rename, "rename"},
      {SYS_unlink, "unlink"},
#endif
  };
  for (const Named& each : known) {
    if (static_cast<std::uint64_t>(each.number) == number) return each.name;
  }
  return "call " + std::to_string(number);
}

[[noreturn]] void be_traced(const std::function<void()>& prepare,
                            const std::function<void()>& work) {
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(1);
  ::raise(SIGSTOP);
  prepare();
  ::syscall(marker_call, marker, 0);
  work();
  ::syscall(marker_call, marker, 0);
  ::_exit(0);
}

class Tracer {
 public:
  explicit Tracer(pid_t child) : child_(child) {}

  std::optional<SystemCalls> run() {
    int status = 0;
    if (::waitpid(child_, &status, 0) != child_ || !WIFSTOPPED(status)) return {};
    constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    if (::ptrace(PTRACE_SETOPTIONS, child_, nullptr, options) != 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, &status, 0);
      return {};
    }
    resume(child_, 0);
    while (!(WIFEXITED(status) || WIFSIGNALED(status))) {
      pid_t who = ::waitpid(-1, &status, __WALL);
      if (who < 0) return {};
      if (WIFSTOPPED(status)) {
        stopped(who, status);
      } else if (who != child_) {
        status = 0x7f;  // a thread has ended, not the child: as if it had stopped
      }
    }
    return marks_ == 2 ? std::optional(seen_) : std::nullopt;
  }

 private:
  static void resume(pid_t who, int signal) {
    ::ptrace(PTRACE_SYSCALL, who, nullptr, static_cast<long>(signal));
  }

  void stopped(pid_t who, int status) {
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      entered_or_left(who);
      return resume(who, 0);
    }
    // A new thread begins with a stop; what ptrace itself reports is a trap.
    const bool its_own = signal == SIGTRAP || signal == SIGSTOP;
    resume(who, its_own ? 0 : signal);
  }

  void entered_or_left(pid_t who) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, who, sizeof info, &info) <= 0) return;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return;
    if (info.entry.nr == marker_call && info.entry.args[0] == marker) {
      ++marks_;
    } else if (marks_ == 1) {
      ++seen_.by_all;
      if (who != child_) return;
      ++seen_.by_caller;
      ++seen_.names[name_of(info.entry.nr)];
    }
  }

  pid_t child_;
  int marks_ = 0;
  SystemCalls seen_;
};

}  // namespace

std::optional<SystemCalls> count_system_calls(const std::function<void()>& prepare,
                                              const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child < 0) return {};
  if (child == 0) be_traced(prepare, work);
  return Tracer(child).run();
}

}  // namespace storemark::bench
