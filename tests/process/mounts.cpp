// SPDX-License-Identifier: Apache-2.0
#include "process/mounts.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "io/descriptor.hpp"

namespace storemark::real {
namespace {

namespace fs = std::filesystem;

bool run(const std::string& command) {
  // The tools are in places that not everybody's PATH has.
  const std::string whole = "PATH=\"$PATH:/usr/sbin:/sbin\"; { " + command + "; } >/dev/null 2>&1";
  return std::system(whole.c_str()) == 0;
}

std::string make_command(std::string_view kind, const std::string& image) {
  if (kind == "ext4") return "mkfs.ext4 -q -F -m 0 " + image;
  if (kind == "xfs") return "mkfs.xfs -q -f " + image;
  return "mkfs.btrfs -q -f " + image;
}

}  // namespace

bool may_mount(std::string& why) {
  static const std::string problem = []() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0) {
      return std::string("no mount namespace of its own: ") + std::strerror(errno);
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      return std::string("mounts cannot be made private: ") + std::strerror(errno);
    }
    return {};
  }();
  why = problem;
  return problem.empty();
}

Mounted::Mounted(std::string_view kind, fs::path at, unsigned megabytes) : at_(std::move(at)) {
  fs::create_directory(at_);
  if (kind != "tmpfs") {
    mount_image(kind, megabytes);
    return;
  }
  const std::string size = "size=" + std::to_string(megabytes) + "m";
  if (::mount("tmpfs", at_.c_str(), "tmpfs", 0, size.c_str()) != 0) {
    problem_ = std::string("no tmpfs: ") + std::strerror(errno);
  }
}

void Mounted::mount_image(std::string_view kind, unsigned megabytes) {
  const std::string image = at_.string() + ".img";
  { const std::ofstream made(image); }
  fs::resize_file(image, std::uintmax_t{megabytes} << 20);
  if (!run(make_command(kind, image))) {
    problem_ = "mkfs." + std::string(kind) + " is missing or failed";
  } else if (!run("mount -o loop " + image + " " + at_.string())) {
    problem_ = "the kernel would not mount " + std::string(kind) + " from a file";
  }
}

Mounted::~Mounted() { ::umount2(at_.c_str(), MNT_DETACH); }

void Mounted::make_read_only() const {
  if (::mount("none", at_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    throw std::runtime_error("cannot make it read-only: " + std::string(std::strerror(errno)));
  }
}

fs::path Mounted::fill(std::size_t leave_bytes) const {
  fs::path filler = at_ / "filler";
  const io::Descriptor fd(::open(filler.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  off_t at = 0;
  for (off_t chunk = off_t{1} << 30; chunk >= 4096; chunk /= 2) {
    while (::fallocate(fd.get(), 0, at, chunk) == 0) at += chunk;
  }
  if (at == 0) throw std::runtime_error("cannot fill it");
  fs::resize_file(filler, static_cast<std::uintmax_t>(at) - leave_bytes);
  ::fsync(fd.get());
  ::sync();
  return filler;
}

}  // namespace storemark::real
