#include "core/passkey_record.hpp"

#include <utility>

namespace fluxer::auth::core {

namespace {

void append_number(secret_buffer& out, std::uint32_t value, unsigned bytes)
{
    for (; bytes > 0; --bytes)
        out.push_back(static_cast<char>(value >> (8 * (bytes - 1)) & 0xFFU));
}

void append_text(secret_buffer& out, std::string_view text)
{
    append_number(out, static_cast<std::uint32_t>(text.size()), 2);
    out.append(text);
}

/// Takes bytes off the front. After the first failure everything fails.
class record_reader
{
public:
    explicit record_reader(std::string_view bytes) noexcept
        : rest_(bytes)
    {}

    std::uint32_t number(unsigned bytes) noexcept
    {
        std::uint32_t value = 0;
        for (auto const byte : take(bytes))
            value = value << 8 | static_cast<unsigned char>(byte);
        return value;
    }

    std::string_view text() noexcept
    {
        auto const size = number(2);
        return take(size <= longest_passkey_text ? size : rest_.size() + 1);
    }

    bool failed() const noexcept { return failed_; }

    bool at_end() const noexcept { return !failed_ && rest_.empty(); }

private:
    std::string_view take(std::size_t size) noexcept
    {
        if (failed_ || size > rest_.size()) {
            failed_ = true;
            return {};
        }
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    bool failed_ = false;
};

std::optional<passkey_record> read_record(record_reader& from)
{
    std::string id(from.text());
    std::string rp_id(from.text());
    std::string user_handle(from.text());
    std::string user_name(from.text());
    auto const counts = from.number(1) != 0;
    auto const counter = from.number(4);
    auto key = signing_key::imported(from.text());
    if (from.failed() || !key || id.empty() || rp_id.empty() || user_handle.empty())
        return std::nullopt;
    return passkey_record{std::move(id), std::move(rp_id), std::move(user_handle), std::move(user_name),
                          counts,        counter,          *std::move(key)};
}

} // namespace

secret_buffer encode_passkeys(std::vector<passkey_record> const& records)
{
    secret_buffer out;
    append_number(out, static_cast<std::uint32_t>(records.size()), 2);
    for (auto const& record : records) {
        for (auto const* text : {&record.id, &record.rp_id, &record.user_handle, &record.user_name})
            append_text(out, *text);
        append_number(out, record.counts ? 1 : 0, 1);
        append_number(out, record.counter, 4);
        append_text(out, record.key.exported().reveal());
    }
    return out;
}

std::optional<std::vector<passkey_record>> decode_passkeys(std::string_view bytes)
{
    record_reader reader(bytes);
    auto const count = reader.number(2);
    if (count > most_passkeys)
        return std::nullopt;
    std::vector<passkey_record> records;
    for (std::uint32_t index = 0; index < count; ++index) {
        auto record = read_record(reader);
        if (!record)
            return std::nullopt;
        records.push_back(*std::move(record));
    }
    if (!reader.at_end())
        return std::nullopt;
    return records;
}

} // namespace fluxer::auth::core
