// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <iterator>
#include <utility>

namespace minibroker {
namespace {

/// How long clients have to take their last answers.
constexpr std::chrono::seconds farewell_time{2};

constexpr std::string_view unknown_outcome =
    "this member stopped or left the cluster; it may or may not have happened";

// The driver's token of an event: whose it is, and which of his answers it decides.
std::uint64_t token_of(std::uint32_t client, std::uint32_t answer) {
  return std::uint64_t{client} << 32 | answer;
}
std::uint32_t client_of(std::uint64_t token) { return static_cast<std::uint32_t>(token >> 32); }
std::uint32_t answer_of(std::uint64_t token) { return static_cast<std::uint32_t>(token); }

/// It may be taken up while requests before it are not answered. Whoever looks sees what he has
/// published himself.
bool may_overtake(const Command& command) {
  return std::holds_alternative<PublishCommand>(command) ||
         std::holds_alternative<AcknowledgeCommand>(command) ||
         std::holds_alternative<BadCommand>(command);
}

std::string error_line(std::string_view why) { return fmt::format("ERR {}\n", why); }
std::string error_line(const storemark::Error& error) { return error_line(to_string(error)); }

}  // namespace

Server::Server(const std::filesystem::path& socket)
    : path_(socket), listener_(listen_at(socket)), signals_(stop_signals()), woken_(wakeable()) {}

Server::~Server() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

template <class Write>
void Server::post(Write write) {
  {
    const std::lock_guard lock(mutex_);
    write(mail_);
  }
  wake(woken_.get());
}

void Server::confirmed(std::uint64_t token, std::uint64_t n) {
  post([&](Mail& mail) { mail.confirmed.emplace_back(token, n); });
}
void Server::room() {
  post([](Mail& mail) { mail.room = true; });
}
void Server::stepped_down() {
  post([](Mail& mail) { mail.stepped_down = mail.room = true; });
}
void Server::ended(const std::string& why) {
  post([&](Mail& mail) { mail.end = why; });
}

void Server::run(Backend& backend) {
  backend_ = &backend;
  std::optional<std::string> end;
  while (!end) {
    poll_once();
    const std::lock_guard lock(mutex_);
    end = mail_.end;
  }
  read_mail();  // what was confirmed before the end
  say_farewell(*end);
}

void Server::poll_once() {
  std::vector<pollfd> waiting{{woken_.get(), POLLIN, 0},
                              {signals_.get(), POLLIN, 0},
                              {clients_.size() < max_clients ? listener_.get() : -1, POLLIN, 0}};
  const std::size_t first_client = waiting.size();
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, client] : clients_) {
    const int events = (client.wants_input() ? POLLIN : 0) | (client.wants_output() ? POLLOUT : 0);
    waiting.push_back({client.descriptor(), static_cast<short>(events), 0});
    numbers.push_back(number);
  }
  if (::poll(waiting.data(), waiting.size(), -1) <= 0) return;

  if (waiting[0].revents != 0) read_mail();
  if (waiting[1].revents != 0) {
    signals_ = Descriptor();
    backend_->leave();
  }
  if (waiting[2].revents != 0) accept_all();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const int events = waiting[first_client + i].revents;
    if (events != 0 && clients_.contains(numbers[i])) hear(numbers[i], events);
  }
}

void Server::hear(std::uint32_t number, int events) {
  Client& client = clients_.at(number);
  // Who has hung up for good gets no answer; one who only says no more is waiting for his.
  const bool gone =
      (events & (POLLERR | POLLNVAL)) != 0 || ((events & POLLHUP) != 0 && !client.wants_input());
  if (gone || (client.wants_input() && (events & (POLLIN | POLLHUP)) != 0 && !client.read())) {
    return close(number);
  }
  serve(number, client);
}

void Server::read_mail() {
  calm(woken_.get());
  Mail mail;
  {
    const std::lock_guard lock(mutex_);
    std::swap(mail.confirmed, mail_.confirmed);
    mail.room = std::exchange(mail_.room, false);
    mail.stepped_down = std::exchange(mail_.stepped_down, false);
  }
  std::map<std::uint32_t, Client*> changed;
  for (const auto& [token, n] : mail.confirmed) {
    if (const auto gone = acknowledging_.extract(token)) end_lease(gone.mapped());
    const auto found = clients_.find(client_of(token));
    if (found == clients_.end()) continue;  // gone, and never to be answered
    found->second.fulfil(answer_of(token), fmt::format("OK {}\n", n));
    changed.emplace(found->first, &found->second);
  }
  if (mail.stepped_down) {
    acknowledging_.clear();
    shutdowns_.clear();
    for (auto& [number, client] : clients_) {
      client.fulfil_all(error_line(unknown_outcome));
      changed.emplace(number, &client);
    }
  }
  if (mail.room) {
    for (auto& [number, client] : clients_) {
      if (std::exchange(client.held_back, false)) changed.emplace(number, &client);
    }
  }
  for (const auto& [number, client] : changed) serve(number, *client);
}

void Server::accept_all() {
  while (clients_.size() < max_clients) {
    Descriptor caller = accept_from(listener_.get());
    if (caller.get() < 0) return;
    while (next_number_ == 0 || clients_.contains(next_number_)) ++next_number_;
    clients_.emplace(next_number_++, Client(std::move(caller)));
  }
}

/// Takes up the client's requests and sends it its answers, as far as it goes now.
void Server::serve(std::uint32_t number, Client& client) {
  for (;;) {
    // First: what leaves makes room for a request that has come in already.
    if (!client.write()) return close(number);
    if (client.held_back || !client.has_room()) break;
    const auto line = client.line();
    if (!line) break;
    const Command command = parse(*line);
    if (client.awaits_answers() && !may_overtake(command)) break;
    client.held_back = !obey(number, client, command);
    if (client.descriptor() < 0) return close(number);  // a joiner's, and given away
    if (!client.held_back) client.drop_line();
  }
  if (client.finished()) close(number);
}

void Server::close(std::uint32_t number) {
  for (const std::uint64_t id : clients_.at(number).leases) leased_.erase(id);
  clients_.erase(number);
}

bool Server::obey(std::uint32_t number, Client& client, const Command& command) {
  if (const auto* wanted = std::get_if<PublishCommand>(&command)) {
    return publish(number, client, {Event::Kind::publish, wanted->queue, wanted->text, 0});
  }
  if (const auto* wanted = std::get_if<AcknowledgeCommand>(&command)) {
    return publish(number, client, {Event::Kind::acknowledge, "", "", wanted->id});
  }
  if (const auto* wanted = std::get_if<ConsumeCommand>(&command)) {
    consume(number, client, *wanted);
  } else if (const auto* joiner = std::get_if<UpdateCommand>(&command)) {
    give(client, *joiner);
  } else if (const auto* bad = std::get_if<BadCommand>(&command)) {
    client.answer(error_line(bad->why));
  } else if (std::holds_alternative<StatusCommand>(command)) {
    client.answer(fmt::format("STATUS {}\n", backend_->status()));
  } else if (std::holds_alternative<HelpCommand>(command)) {
    client.answer(std::string(help()));
  } else {
    shut_down(number, client);
  }
  return true;
}

bool Server::publish(std::uint32_t number, Client& client, const Event& event) {
  const std::uint64_t token = token_of(number, client.next_promise());
  const auto sent = backend_->publish(encode(event), token);
  if (!sent) {
    client.answer(error_line(sent.error()));
    return true;
  }
  if (!*sent) return false;
  client.promise();
  if (event.kind == Event::Kind::acknowledge) acknowledging_.emplace(token, event.id);
  return true;
}

/// Hands out what nobody of this member's clients has.
void Server::consume(std::uint32_t number, Client& client, const ConsumeCommand& command) {
  if (client.leases.size() + command.count > Client::max_leases) {
    return client.answer(error_line("acknowledge some messages first: too many are handed out"));
  }
  std::string answer;
  std::size_t count = 0;
  const auto browsed = backend_->browse(command.queue, [&](const Message& message) {
    if (!leased_.try_emplace(message.id, number).second) return true;
    client.leases.insert(message.id);
    fmt::format_to(std::back_inserter(answer), "MSG {} {}\n", message.id, message.text);
    return ++count < command.count && answer.size() < Client::max_output;
  });
  client.answer(browsed ? fmt::format("{}END {}\n", answer, count) : error_line(browsed.error()));
}

/// Not before the message is gone: it would be handed out again.
void Server::end_lease(std::uint64_t id) {
  const auto lease = leased_.extract(id);
  if (!lease) return;
  const auto owner = clients_.find(lease.mapped());
  if (owner != clients_.end()) owner->second.leases.erase(id);
}

void Server::shut_down(std::uint32_t number, Client& client) {
  const auto ordered = backend_->shut_down();
  if (!ordered) return client.answer(error_line(ordered.error()));
  shutdowns_.push_back(token_of(number, client.next_promise()));
  client.promise();
}

void Server::give(Client& client, const UpdateCommand& command) {
  if (!backend_->give(command.ticket, client.socket())) {
    client.answer(error_line("no such ticket"));
  }
}

void Server::say_farewell(const std::string& why) {
  listener_ = Descriptor();
  for (const std::uint64_t token : shutdowns_) {
    const auto found = clients_.find(client_of(token));
    if (found == clients_.end() || !why.empty()) continue;
    found->second.fulfil(answer_of(token), "OK the cluster is shut down\n");
  }
  for (auto& [number, client] : clients_) client.fulfil_all(error_line(unknown_outcome));
  const auto deadline = std::chrono::steady_clock::now() + farewell_time;
  while (!clients_.empty() && std::chrono::steady_clock::now() < deadline) {
    for (auto it = clients_.begin(); it != clients_.end();) {
      Client& client = it->second;
      it = client.write() && client.wants_output() ? std::next(it) : clients_.erase(it);
    }
    if (clients_.empty()) return;
    // The others have their turn soon, if this one takes nothing.
    (void)wait_for(clients_.begin()->second.descriptor(), POLLOUT, std::chrono::milliseconds(50));
  }
}

}  // namespace minibroker
