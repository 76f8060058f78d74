// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "protocol.hpp"

namespace minibroker {
namespace {

bool passing(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

bool Client::wants_input() const noexcept {
  return !ended_ && !held_back && has_room() && input_.size() <= max_line_bytes;
}

bool Client::read() {
  std::array<char, 16 * 1024> bytes;
  const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return passing(errno);
  if (got == 0) {
    ended_ = true;
    input_.erase(input_.rfind('\n') + 1);  // half a line asks for nothing
    return true;
  }
  input_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string_view> Client::line() {
  std::size_t end = input_.find('\n');
  if (skipping_) {
    input_.erase(0, end == std::string::npos ? end : end + 1);
    skipping_ = end == std::string::npos;
    end = input_.find('\n');
  }
  if (end == std::string::npos && input_.size() <= max_line_bytes) return std::nullopt;
  return std::string_view(input_).substr(0, end);
}

void Client::drop_line() {
  const std::size_t end = input_.find('\n');
  skipping_ = end == std::string::npos;
  input_.erase(0, skipping_ ? end : end + 1);
}

bool Client::write() {
  while (!output_.empty()) {
    const ssize_t sent = ::send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
    if (sent < 0) return passing(errno);
    output_.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::answer(std::string text) {
  waiting_bytes_ += text.size();
  waiting_.emplace_back(std::move(text));
  flush_answers();
}

void Client::fulfil(std::uint32_t number, std::string text) {
  const std::uint32_t index = number - first_waiting_;  // modulo 2^32, as the numbers are
  if (index >= waiting_.size() || waiting_[index]) return;
  waiting_bytes_ += text.size();
  waiting_[index] = std::move(text);
  flush_answers();
}

void Client::fulfil_all(const std::string& text) {
  for (auto& answer : waiting_) {
    if (answer) continue;
    answer = text;
    waiting_bytes_ += text.size();
  }
  flush_answers();
}

void Client::flush_answers() {
  for (; !waiting_.empty() && waiting_.front(); ++first_waiting_) {
    output_ += *waiting_.front();
    waiting_bytes_ -= waiting_.front()->size();
    waiting_.pop_front();
  }
}

}  // namespace minibroker
