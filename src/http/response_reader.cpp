#include "http/response_reader.hpp"

#include "http/header_block.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace fluxer::auth::http {

namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr unsigned max_interim_answers = 16;
constexpr std::size_t max_fields = 256;

bool same_text(std::string_view left, std::string_view right)
{
    return beast::iequals({left.data(), left.size()}, {right.data(), right.size()});
}

std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Visit>
void for_each_token(std::string_view list, Visit visit)
{
    while (!list.empty()) {
        auto const comma = list.find(',');
        visit(trimmed(list.substr(0, comma)));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
}

bool is_number(std::string_view text)
{
    return !text.empty() && text.size() <= 18 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The number behind the name and its equals sign, if that is what the token is.
std::optional<unsigned> number_of(std::string_view token, std::string_view name)
{
    if (token.size() <= name.size() || !same_text(token.substr(0, name.size()), name))
        return std::nullopt;
    auto const text = token.substr(name.size());
    unsigned number = 0;
    if (!is_number(text) || std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

/// Whether an alert or a handshake of TLS begins here, as from a server that was asked by plain HTTP.
bool is_tls(std::string_view bytes)
{
    return bytes.starts_with("\x15\x03") || bytes.starts_with("\x16\x03");
}

/// Whether an answer may begin so. Most of what speaks another protocol says less than a whole header, and waits.
bool may_be_http(std::string_view bytes)
{
    constexpr std::string_view beginning = "HTTP/1.";
    return beginning.starts_with(bytes.substr(0, beginning.size()));
}

} // namespace

/// Beast's parser of the header with our own bookkeeping: no message object, no allocation for each field.
class response_reader::parser : public beast::http::basic_parser<false>
{
public:
    explicit parser(wire::answer& answer)
        : answer_(answer)
    {
        // The body is body_reader's.
        skip(true);
        // Beast's own limits are not cumulative (trap T22); ours are counted by the reader.
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
    }

    std::optional<std::chrono::seconds> keep_alive_timeout;
    std::optional<unsigned> keep_alive_requests;
    char const* defect = nullptr;
    bool http_1_1 = false;
    bool close = false;
    bool chunked_coding = false;
    bool has_length = false;
    bool has_transfer_encoding = false;
    std::uint64_t length = 0;

private:
    void on_request_impl(
        beast::http::verb, beast::string_view, beast::string_view, int, beast::error_code&) override
    {}

    void on_response_impl(int code, beast::string_view, int version, beast::error_code&) override
    {
        answer_.status = code;
        http_1_1 = version == 11;
    }

    void on_field_impl(
        beast::http::field which, beast::string_view name, beast::string_view value,
        beast::error_code& ec) override
    {
        std::string_view const text(value.data(), value.size());
        if (++fields_ > max_fields)
            defect = "more header fields than any server of this API sends";
        else
            take_field(which, text);
        if (defect != nullptr)
            ec = beast::http::error::bad_field;
        else
            answer_.headers.add({name.data(), name.size()}, text);
    }

    void on_header_impl(beast::error_code&) override {}

    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}

    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }

    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override
    {
        return 0;
    }

    void on_finish_impl(beast::error_code&) override {}

    void take_field(beast::http::field which, std::string_view text)
    {
        switch (which) {
        case beast::http::field::content_length:
            return take_length(text);
        case beast::http::field::transfer_encoding:
            return take_coding(text);
        case beast::http::field::connection:
            return for_each_token(
                text, [&](std::string_view token) { close = close || same_text(token, "close"); });
        case beast::http::field::keep_alive:
            return take_keep_alive(text);
        default:
            return;
        }
    }

    void take_length(std::string_view text)
    {
        // Beast takes "5, 5" and a second, equal field; who else does is not known, so nobody may.
        if (has_length)
            defect = "more than one Content-Length";
        else if (!is_number(text))
            defect = "a Content-Length that is no number";
        else
            std::from_chars(text.data(), text.data() + text.size(), length);
        has_length = true;
    }

    void take_coding(std::string_view text)
    {
        if (has_transfer_encoding || !same_text(text, "chunked"))
            defect = "a Transfer-Encoding other than exactly one \"chunked\"";
        has_transfer_encoding = true;
        chunked_coding = true;
    }

    void take_keep_alive(std::string_view text)
    {
        for_each_token(text, [&](std::string_view token) {
            if (auto const timeout = number_of(token, "timeout="))
                keep_alive_timeout = std::chrono::seconds(*timeout);
            else if (auto const max = number_of(token, "max="))
                keep_alive_requests = max;
        });
    }

    wire::answer& answer_;
    std::size_t fields_ = 0;
};

response_reader::response_reader(reader_limits limits)
    : limits_(limits)
    , body_(limits_.max_body_bytes)
    , parser_(new (static_cast<void*>(&parser_room_)) parser(answer_))
{
    static_assert(sizeof(parser) <= sizeof(parser_room_));
}

response_reader::~response_reader()
{
    parser_->~parser();
}

bool response_reader::in_body() const noexcept
{
    return parser_->is_header_done();
}

bool response_reader::reusable() const noexcept
{
    // An answer that must not have a body but announced one leaves open whether it follows (RFC 9112 §6.3).
    auto const announced = parser_->has_transfer_encoding || parser_->length != 0;
    auto const framed = limits_.answers_head   ? true
                        : is_bodiless_status() ? !announced
                                               : parser_->has_length || parser_->chunked_coding;
    return done_ && framed && parser_->http_1_1 && !parser_->close && answer_.status >= 200 &&
           pending_.empty();
}

std::optional<std::chrono::seconds> response_reader::keep_alive() const noexcept
{
    return parser_->keep_alive_timeout;
}

std::optional<unsigned> response_reader::requests_left() const noexcept
{
    return parser_->keep_alive_requests;
}

reader_state response_reader::feed(std::string_view bytes)
{
    started_ = started_ || !bytes.empty();
    // Most answers come in one piece, which need not be kept.
    if (pending_.empty()) {
        auto const state = step(bytes);
        pending_.append(bytes);
        return state;
    }
    pending_.append(bytes);
    auto rest = pending_.view();
    auto const state = step(rest);
    drop(pending_.size() - rest.size());
    return state;
}

reader_state response_reader::end_of_stream(bool orderly)
{
    if (done_)
        return reader_state::done;
    if (!started_)
        return fail(errc::connection_lost, "the server ended the connection without an answer");
    if (!parser_->is_header_done())
        return fail(errc::connection_lost, "the server ended the connection within the header");
    if (!orderly || !body_.end())
        return fail(errc::connection_lost, "the server ended the connection within the body");
    done_ = true;
    return reader_state::done;
}

reader_state response_reader::step(std::string_view& rest)
{
    while (!parser_->is_header_done()) {
        auto const state = read_header(rest);
        if (state != reader_state::done)
            return state;
    }
    return read_body(rest);
}

// Done means: this header is complete, and it may have been an interim one.
reader_state response_reader::read_header(std::string_view& rest)
{
    // One byte could be the beginning of TLS.
    if (rest.size() < 2)
        return reader_state::need_more;
    if (is_tls(rest))
        return fail(errc::protocol_error, "the server speaks TLS on this port, not plain HTTP");
    if (!may_be_http(rest))
        return fail(errc::protocol_error, "the answer does not begin as one of HTTP/1.1 does");
    auto const allowed = rest.substr(0, limits_.max_header_bytes - header_bytes_);
    auto const [length, defect] = look_at_header(allowed, header_seen_);
    // Told as soon as it is seen: who sends it need not be listened to until the limit.
    if (defect != nullptr)
        return fail(errc::protocol_error, defect);
    if (!length && allowed.size() < rest.size())
        return fail(
            errc::header_too_large,
            "the header exceeds " + std::to_string(limits_.max_header_bytes) + " bytes (max_header_bytes)");
    header_seen_ = length ? 0 : rest.size();
    if (!length)
        return reader_state::need_more;
    auto const header = rest.substr(0, *length);
    header_bytes_ += *length;
    answer_.headers.reserve(header.size());
    error_code ec;
    auto const used = parser_->put(boost::asio::buffer(header.data(), header.size()), ec);
    if (ec && ec != beast::http::error::need_more)
        return fail(errc::protocol_error, parser_->defect != nullptr ? parser_->defect : ec.message());
    if (used != header.size() || !parser_->is_header_done())
        return fail(errc::protocol_error, "a header that ends early");
    rest.remove_prefix(used);
    return after_header();
}

reader_state response_reader::after_header()
{
    auto const status = answer_.status;
    if (parser_->has_length && parser_->has_transfer_encoding)
        return fail(errc::protocol_error, "both Content-Length and Transfer-Encoding");
    if (!parser_->http_1_1 && parser_->has_transfer_encoding)
        return fail(errc::protocol_error, "Transfer-Encoding in an answer of HTTP/1.0");
    if (status == 101)
        return fail(errc::protocol_error, "101 Switching Protocols, which nobody asked for");
    if (status < 100 || status > 599)
        return fail(errc::protocol_error, "status " + std::to_string(status));
    if (status >= 200) {
        begin_body();
        return reader_state::done;
    }
    // Beast takes an interim answer for the final one (trap T19): the next caller would get our answer.
    if (parser_->has_length || parser_->has_transfer_encoding)
        return fail(errc::protocol_error, "an interim answer with a body");
    if (++interim_answers_ > max_interim_answers)
        return fail(
            errc::protocol_error, "more than " + std::to_string(max_interim_answers) + " interim answers");
    answer_.headers.clear();
    parser_->~parser();
    parser_ = new (static_cast<void*>(&parser_room_)) parser(answer_);
    return reader_state::done;
}

void response_reader::begin_body()
{
    if (limits_.answers_head || is_bodiless_status()) {
        body_.begin_none();
    } else if (parser_->chunked_coding) {
        body_.begin_chunked();
    } else if (parser_->has_length) {
        body_.begin_length(parser_->length);
        if (!body_.too_large())
            answer_.body.reserve(static_cast<std::size_t>(parser_->length));
    } else {
        body_.begin_until_end();
    }
}

bool response_reader::is_bodiless_status() const noexcept
{
    return answer_.status == 204 || answer_.status == 304;
}

reader_state response_reader::read_body(std::string_view& rest)
{
    rest.remove_prefix(body_.feed(rest, answer_.body));
    if (body_.too_large())
        return fail(
            errc::body_too_large,
            "the body exceeds " + std::to_string(limits_.max_body_bytes) + " bytes (max_body_bytes)");
    if (auto const* defect = body_.defect())
        return fail(errc::protocol_error, defect);
    if (!body_.done())
        return reader_state::need_more;
    done_ = true;
    return reader_state::done;
}

reader_state response_reader::fail(errc problem, std::string message)
{
    problem_ = problem;
    message_ = std::move(message);
    return reader_state::failed;
}

void response_reader::drop(std::size_t count)
{
    auto const rest = pending_.size() - count;
    if (rest != 0 && count != 0)
        std::memmove(pending_.data(), pending_.data() + count, rest);
    pending_.resize(rest);
}

} // namespace fluxer::auth::http
