// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

#include "broker.hpp"
#include "change.hpp"

namespace minibroker {
namespace {

/// How long clients have to take their last answers.
constexpr std::chrono::seconds farewell_time{2};
/// When a caller is tried again for whom there was no descriptor or thread.
constexpr std::chrono::milliseconds retry_time{200};
/// How long a member has to show its ticket, and how long that line may be.
constexpr std::chrono::seconds ticket_time{10};
constexpr std::size_t max_ticket_line = 64;
constexpr std::string_view no_ticket = "no such ticket";

constexpr std::string_view help =
    "INFO PUB queue text       OK n: it is message n, on two members' disks\n"
    "INFO CONSUME queue [n]    MSG id text, at most n times; then END and how many\n"
    "INFO ACK id               OK n: the message is gone, or was before\n"
    "INFO STATUS               STATUS phase sequence N messages N and the member's own words\n"
    "INFO SHUTDOWN             stops the whole cluster cleanly; OK once this member has stopped\n"
    "INFO HELP                 this\n"
    "END 6\n";

std::string error_line(std::string_view why) { return fmt::format("ERR {}\n", why); }
std::string error_line(const storemark::Error& error) { return error_line(to_string(error)); }

}  // namespace

std::future<std::string> Answers::expect(const Ask& ask, bool is_shutdown) {
  std::uint64_t token = 0;
  std::future<std::string> answer;
  {
    const std::lock_guard lock(mutex_);
    token = ++last_;
    waiting_[token].is_shutdown = is_shutdown;
    answer = waiting_[token].answer.get_future();
  }
  for (;;) {
    const std::uint32_t rooms = rooms_.load();
    const auto taken = ask(token);
    if (!taken) fulfil(token, error_line(taken.error()));
    if (!taken || *taken) return answer;
    rooms_.wait(rooms);
  }
}

void Answers::fulfil(std::uint64_t token, std::string text) {
  const std::lock_guard lock(mutex_);
  if (auto found = waiting_.extract(token)) found.mapped().answer.set_value(std::move(text));
}

void Answers::confirmed(std::uint64_t token, std::uint64_t n) {
  fulfil(token, fmt::format("OK {}\n", n));
}

void Answers::dropped(std::uint64_t token) {
  fulfil(token, error_line("not done, no quorum: send it again"));
}

void Answers::room() {
  ++rooms_;
  rooms_.notify_all();
}

void Answers::end_all(bool clean) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [token, waiting] : waiting_) {
      waiting.answer.set_value(
          clean && waiting.is_shutdown
              ? "OK the cluster is shut down\n"
              : error_line("this member stopped or left the cluster; it may or may not have "
                           "happened"));
    }
    waiting_.clear();
  }
  room();  // who waits for it is told that there is no cluster
}

Server::Server(const Listener& listener, storemark::Driver& driver, MiniBroker& broker,
               Answers& answers, Callers callers)
    : listener_(listener),
      driver_(driver),
      broker_(broker),
      answers_(answers),
      callers_(callers),
      acceptor_([this] { accept_all(); }) {}

void Server::accept_all() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] {
        std::erase_if(clients_, [](Client& client) {
          if (client.gone) client.thread.join();
          return client.gone;
        });
        return ended_ || clients_.size() < max_clients;
      });
      if (ended_) return;
    }
    try {
      Descriptor caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (caller.get() < 0) fail("cannot accept");
      const std::lock_guard lock(mutex_);
      if (!ended_) clients_.emplace_back(std::move(caller), *this);
    } catch (const std::exception&) {
      // No descriptor, thread or memory for him. There may be one soon.
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, retry_time, [&] { return ended_; });
    }
  }
}

void Server::end(bool clean) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true)) return;
    for (const Client& client : clients_) client.stream.shut_down(SHUT_RD);
  }
  changed_.notify_all();
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  if (callers_ == Callers::clients) answers_.end_all(clean);
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, farewell_time,
                      [&] { return std::ranges::all_of(clients_, &Client::gone); });
    for (const Client& client : clients_) client.stream.shut_down(SHUT_RDWR);
  }
  for (Client& client : clients_) client.thread.join();
}

void Server::converse(Client& client) {
  try {
    callers_ == Callers::members ? serve_member(client) : serve_client(client);
    static_cast<void>(client.stream.write(""));  // what he has not taken yet
  } catch (const std::exception& error) {        // of the store, or memory: he is hung up on
    static_cast<void>(client.stream.write(error_line(error.what())));
  }
  {
    const std::lock_guard lock(lent_mutex_);
    std::erase_if(lent_, [&](const auto& loan) { return loan.second == &client; });
  }
  client.stream.shut_down(SHUT_RDWR);
  const std::lock_guard lock(mutex_);
  client.gone = true;
  changed_.notify_all();
}

void Server::serve_client(Client& client) {
  std::vector<Request> requests;
  bool listening = true;
  while (listening) {
    const auto line = client.stream.line();
    const bool is_change = line && (line->starts_with("PUB ") || line->starts_with("ACK "));
    if (is_change) requests.push_back(change(*line));
    // What has come in already goes on its way together.
    if (is_change && requests.size() < max_waiting && client.stream.has_line()) continue;
    // Who looks sees what he has published himself.
    listening = give_answers(client, requests) && line;
    if (!listening || is_change) continue;
    const auto text = answer(client, *line);
    listening = text && client.stream.put(*text);
  }
}

/// Anybody in the network may call: he has one short line, and not long for it.
void Server::serve_member(Client& client) {
  const auto latest = std::chrono::steady_clock::now() + ticket_time;
  client.stream.set_idle([latest](auto) {
    if (std::chrono::steady_clock::now() > latest) throw std::runtime_error("no ticket is shown");
  });
  const std::string line = client.stream.line(max_ticket_line).value_or("");
  const auto [word, ticket] = split(line);
  if (word == "UPDATE" && give_update(client, ticket.value_or(""))) return;
  static_cast<void>(client.stream.put(error_line(no_ticket)));
}

bool Server::give_update(Client& client, std::string_view ticket) {
  const auto number = storemark::parse_uuid(ticket);
  return number && broker_.give(*number, client.stream);
}

/// Hands a change to the driver.
Server::Request Server::change(const std::string& line) {
  const auto change = line.size() > Stream::max_line
                          ? tl::unexpected<std::string>("a line has at most 65536 bytes")
                          : parse_change(line);
  if (change) {
    const std::span event(reinterpret_cast<const std::uint8_t*>(line.data()), line.size());
    const auto ask = [&](std::uint64_t token) {
      auto taken = driver_.publish(event, token);
      if (taken || driver_.status().phase != storemark::MemberPhase::suspended) return taken;
      answers_.dropped(token);
      return storemark::Result<bool>(true);
    };
    return {answers_.expect(ask), change->id};
  }
  std::promise<std::string> bad;
  bad.set_value(error_line(change.error()));
  return {bad.get_future(), 0};
}

/// Waits for each, in the order of the requests. False: he has gone.
bool Server::give_answers(Client& client, std::vector<Request>& requests) {
  for (Request& request : requests) {
    const std::string text = request.answer.get();
    if (request.acknowledges != 0 && text.starts_with("OK ")) end_loan(request.acknowledges);
    if (!client.stream.put(text)) return false;
  }
  requests.clear();
  return true;
}

/// Of a request that is no change. None: he is to be hung up on.
std::optional<std::string> Server::answer(Client& client, std::string_view line) {
  const auto [word, rest] = split(line);
  if (line.size() > Stream::max_line) return error_line("a line has at most 65536 bytes");
  if (word == "CONSUME") return consume(client, rest.value_or(""));
  if (word == "UPDATE") {
    if (give_update(client, rest.value_or(""))) return std::nullopt;
    return error_line(no_ticket);
  }
  if (rest) return error_line("no such command with an argument: HELP lists them");
  if (word == "STATUS") return fmt::format("STATUS {}\n", broker_.describe());
  if (word == "HELP") return std::string(help);
  if (word != "SHUTDOWN") return error_line("no such command: HELP lists them");
  const auto order = [&](auto) { return driver_.shut_down().map([] { return true; }); };
  return answers_.expect(order, true).get();
}

/// Hands out what nobody of this member's clients has.
std::string Server::consume(Client& client, std::string_view wanted) {
  const auto [queue, number] = split(wanted);
  const std::uint64_t count = number ? number_of(*number) : 1;
  if (!is_queue_name(queue)) return error_line(no_queue_name);
  if (count == 0 || count > max_consume) return error_line("the count is a number from 1 to 1000");
  const auto store = broker_.store();
  if (!store || !driver_.status().ready) return error_line("this member is not active");

  const std::lock_guard lock(lent_mutex_);
  if (client.lent + count > max_lent) {
    return error_line("acknowledge some messages first: too many are handed out");
  }
  std::string answer;
  std::uint64_t found = 0;
  store->browse(queue, [&](const Message& message) {
    if (!lent_.try_emplace(message.id, &client).second) return true;
    ++client.lent;
    fmt::format_to(std::back_inserter(answer), "MSG {} {}\n", message.id, message.text);
    return ++found < count && answer.size() < max_answer;
  });
  return fmt::format("{}END {}\n", answer, found);
}

/// Not before the message is gone: it would be handed out again.
void Server::end_loan(std::uint64_t message) {
  const std::lock_guard lock(lent_mutex_);
  if (const auto loan = lent_.extract(message)) --loan.mapped()->lent;
}

}  // namespace minibroker
