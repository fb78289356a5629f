#include "scripted/peer_parts.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace fluxer::auth::test {

namespace {

using clock = std::chrono::steady_clock;

/// The length of the first so many TLS records.
std::size_t length_of_records(std::string_view bytes, std::size_t count)
{
    std::size_t length = 0;
    for (; count > 0 && length + 5 <= bytes.size(); --count) {
        auto const high = static_cast<unsigned char>(bytes[length + 3]);
        auto const low = static_cast<unsigned char>(bytes[length + 4]);
        length += 5U + high * 256U + low;
    }
    return std::min(length, bytes.size());
}

} // namespace

bool peer::flush()
{
    if (!parts_->ssl)
        return true;
    char* data = nullptr;
    auto const size = BIO_get_mem_data(parts_->out, &data);
    std::string const bytes(data, static_cast<std::size_t>(std::max(size, 0L)));
    static_cast<void>(BIO_reset(parts_->out));
    return send_all(bytes);
}

bool peer::handshake()
{
    if (!parts_->ssl)
        return false;
    for (auto const end = clock::now() + patience;;) {
        ERR_clear_error();
        auto const result = SSL_accept(parts_->ssl.get());
        auto const reason = SSL_get_error(parts_->ssl.get(), result);
        auto const flushed = flush();
        if (result == 1) {
            parts_->secured = true;
            ++server_.handshakes_;
            return flushed;
        }
        if (!flushed || reason != SSL_ERROR_WANT_READ || !fill(end))
            return false;
    }
}

bool peer::partial_handshake(std::size_t bytes, std::size_t records)
{
    if (!parts_->ssl)
        return false;
    for (auto const end = clock::now() + patience;;) {
        ERR_clear_error();
        SSL_accept(parts_->ssl.get());
        char* data = nullptr;
        auto const size = BIO_get_mem_data(parts_->out, &data);
        if (size > 0) {
            std::string_view const all(data, static_cast<std::size_t>(size));
            return send_all(all.substr(0, records > 0 ? length_of_records(all, records) : bytes));
        }
        if (!fill(end))
            return false;
    }
}

bool peer::secured() const noexcept
{
    return parts_->secured;
}

bool peer::resumed() const
{
    return parts_->secured && SSL_session_reused(parts_->ssl.get()) == 1;
}

client_hello const& peer::hello() const noexcept
{
    return parts_->hello;
}

bool peer::take_decrypted()
{
    std::array<char, 16'384> bytes{};
    ERR_clear_error();
    auto const got = SSL_read(parts_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (got <= 0) {
        auto const reason = SSL_get_error(parts_->ssl.get(), got);
        parts_->said_close_notify = parts_->said_close_notify || reason == SSL_ERROR_ZERO_RETURN;
        return false;
    }
    parts_->pending.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

bool peer::renegotiate()
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    return SSL_renegotiate(parts_->ssl.get()) == 1 && SSL_do_handshake(parts_->ssl.get()) == 1 && flush();
}

bool peer::update_keys()
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    return SSL_key_update(parts_->ssl.get(), SSL_KEY_UPDATE_REQUESTED) == 1 &&
           SSL_do_handshake(parts_->ssl.get()) == 1 && flush();
}

bool peer::send_tickets(std::size_t count)
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    for (; count > 0; --count)
        if (SSL_new_session_ticket(parts_->ssl.get()) != 1 || SSL_do_handshake(parts_->ssl.get()) != 1)
            return false;
    return flush();
}

void peer::close_notify()
{
    parts_->has_closed = true;
    if (!parts_->secured)
        return;
    ERR_clear_error();
    SSL_shutdown(parts_->ssl.get());
    flush();
}

} // namespace fluxer::auth::test
