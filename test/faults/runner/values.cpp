#include "values.hpp"

#include <boost/json/serialize.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <functional>

namespace fluxer::auth::faults {

namespace {

constexpr std::size_t most_bytes = 256U * 1024 * 1024;

/// Doubled again and again: one by one, 30 MB would take seconds under a sanitizer.
std::string copies_of(std::string const& piece, std::size_t count)
{
    auto const size = count * piece.size();
    std::string all;
    all.reserve(size);
    if (count > 0)
        all = piece;
    while (all.size() < size)
        all.append(all, 0, size - all.size());
    return all;
}

std::string repeated(members& from)
{
    auto const count = from.need("repeat").size();
    auto const of = from.need("of");
    auto const piece = bytes_of(of);
    auto const numbered = from.flag("numbered");
    from.finish();
    if (!piece.empty() && count > most_bytes / piece.size())
        from.self().fail("is more than 256 MiB");
    if (!numbered)
        return copies_of(piece, count);
    auto const mark = piece.find("{n}");
    if (mark == std::string::npos)
        of.fail("has no {n} to be numbered");
    std::string all;
    for (std::size_t index = 0; index < count; ++index)
        all += piece.substr(0, mark) + std::to_string(index) + piece.substr(mark + 3);
    return all;
}

int digit_of(char character)
{
    int value = -1;
    auto const [end, problem] = std::from_chars(&character, &character + 1, value, 16);
    return problem == std::errc() && end != &character ? value : -1;
}

std::string unhexed(members& from)
{
    auto const text = from.need("hex");
    from.finish();
    std::string digits = text.text();
    std::erase_if(digits, [](unsigned char c) { return std::isspace(c) != 0; });
    if (digits.size() % 2 != 0)
        text.fail("has half a byte");
    std::string bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2) {
        auto const high = digit_of(digits[at]);
        auto const low = digit_of(digits[at + 1]);
        if (high < 0 || low < 0)
            text.fail("must be hexadecimal digits");
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string from_base64(members& from)
{
    auto const text = from.need("base64");
    from.finish();
    auto const encoded = text.text();
    std::string bytes(encoded.size() / 4 * 3 + 3, '\0');
    auto const size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<unsigned char const*>(encoded.data()), static_cast<int>(encoded.size()));
    if (size < 0)
        text.fail("must be base64");
    bytes.resize(static_cast<std::size_t>(size));
    // OpenSSL counts the padding.
    for (std::size_t at = encoded.size(); at > 0 && encoded[at - 1] == '=' && !bytes.empty(); --at)
        bytes.pop_back();
    return bytes;
}

std::string hex_number(std::size_t number)
{
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return std::string(digits.data(), end);
}

std::string chunks(std::string const& body, std::size_t size, std::string const& extension)
{
    std::string made;
    for (std::size_t at = 0; at < body.size(); at += size) {
        auto const piece = body.substr(at, size);
        made += hex_number(piece.size()) + extension + "\r\n" + piece + "\r\n";
    }
    return made;
}

std::string chunked(members& from)
{
    auto const body = bytes_of(from.need("chunked"));
    auto const size = from.find("size");
    auto const extension = from.find("extension");
    auto const trailers = from.find("trailers");
    auto const last = from.flag("last", true);
    from.finish();
    auto const each = size ? std::max<std::size_t>(size->size(), 1) : std::max<std::size_t>(body.size(), 1);
    auto made = chunks(body, each, extension ? bytes_of(*extension) : std::string());
    if (last)
        made += "0\r\n" + (trailers ? bytes_of(*trailers) : std::string()) + "\r\n";
    return made;
}

std::string json_text(members& from)
{
    auto const value = from.need("json");
    from.finish();
    auto const text = boost::json::serialize(value.value());
    return std::string(text.data(), text.size());
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

struct header_lines
{
    std::string text;
    bool has_framing = false;

    void add(std::string const& name, std::string const& value)
    {
        text += name + ": " + value + "\r\n";
        auto const known = lower(name);
        has_framing = has_framing || known == "content-length" || known == "transfer-encoding";
    }
};

/// An object, or a list of pairs where a name comes twice.
header_lines header_lines_of(item const& from)
{
    header_lines lines;
    if (from.is_object()) {
        for (auto const& [name, value] : from.value().get_object()) {
            std::string const text(name.data(), name.size());
            lines.add(text, bytes_of(item(value, from.path() + "." + text)));
        }
        return lines;
    }
    for (auto const& pair : from.list()) {
        auto const parts = pair.list();
        if (parts.size() != 2)
            pair.fail("must be a name and a value");
        lines.add(bytes_of(parts[0]), bytes_of(parts[1]));
    }
    return lines;
}

std::string response_value(members& from)
{
    auto const response = from.need("response");
    from.finish();
    return response_of(response);
}

struct form
{
    std::string_view key;
    std::string (*make)(members&);
};

constexpr std::array<form, 6> forms{{
    {"repeat", repeated},
    {"hex", unhexed},
    {"base64", from_base64},
    {"chunked", chunked},
    {"json", json_text},
    {"response", response_value},
}};

} // namespace

std::string bytes_of(item const& from)
{
    if (from.value().is_string())
        return from.text();
    if (from.value().is_array()) {
        std::string all;
        for (auto const& part : from.list())
            all += bytes_of(part);
        return all;
    }
    if (!from.is_object())
        from.fail("must be a string, a list, or an object that makes bytes");
    for (auto const& [key, make] : forms) {
        if (from.value().get_object().contains(key)) {
            members fields(from);
            return make(fields);
        }
    }
    from.fail("must have one of the keys repeat, hex, base64, chunked, json, response");
}

std::string response_of(item const& from)
{
    members fields(from);
    auto const version = fields.text("version", "HTTP/1.1");
    auto const status = fields.integer("status", 200);
    auto const reason = fields.text("reason", "Scripted");
    auto const header_item = fields.find("headers");
    auto const body_item = fields.find("body");
    auto const chunk = fields.flag("chunked");
    auto const framing = fields.flag("framing", true);
    fields.finish();
    auto headers = header_item ? header_lines_of(*header_item) : header_lines();
    auto body = body_item ? bytes_of(*body_item) : std::string();
    auto const bodiless = status < 200 || status == 204 || status == 304;
    if (chunk) {
        headers.text += "Transfer-Encoding: chunked\r\n";
        body = chunks(body, std::max<std::size_t>(body.size(), 1), {}) + "0\r\n\r\n";
    } else if (framing && !headers.has_framing && !(bodiless && body.empty())) {
        headers.text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return version + " " + std::to_string(status) + " " + reason + "\r\n" + headers.text + "\r\n" + body;
}

} // namespace fluxer::auth::faults
