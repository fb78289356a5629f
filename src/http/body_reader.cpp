#include "http/body_reader.hpp"

#include "core/http_syntax.hpp"

#include <algorithm>

namespace fluxer::auth::http {

namespace {

// Extensions and trailers are of no use to us: what they cost, all together, must be small (trap T23).
constexpr std::size_t max_ignored_bytes = 4 * 1024;
constexpr unsigned max_size_digits = 16;

int value_of_digit(char character) noexcept
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

bool is_control(char character) noexcept
{
    auto const code = static_cast<unsigned char>(character);
    return (code < 0x20 && character != '\t') || code == 0x7f;
}

} // namespace

void body_reader::begin_length(std::uint64_t length) noexcept
{
    left_ = length;
    state_ = length == 0 ? state::done : state::data;
    if (length > max_body_bytes_)
        refuse_size();
}

std::size_t body_reader::feed(std::string_view bytes, core::secret_buffer& body)
{
    std::size_t used = 0;
    while (used < bytes.size() && !done() && !failed()) {
        if (state_ == state::data || state_ == state::until_end || state_ == state::chunk)
            used += take_data(bytes.substr(used), body);
        else
            take_framing(bytes[used++]);
    }
    return used;
}

bool body_reader::end() noexcept
{
    if (state_ == state::until_end)
        state_ = state::done;
    return done();
}

std::size_t body_reader::take_data(std::string_view bytes, core::secret_buffer& body)
{
    auto size = bytes.size();
    if (state_ != state::until_end)
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
    if (size > max_body_bytes_ - taken_) {
        refuse_size();
        return 0;
    }
    body.append(bytes.substr(0, size));
    taken_ += size;
    if (state_ == state::until_end)
        return size;
    left_ -= size;
    if (left_ == 0)
        state_ = state_ == state::chunk ? state::chunk_cr : state::done;
    return size;
}

void body_reader::take_framing(char character)
{
    switch (state_) {
    case state::size:
        return take_size(character);
    case state::extension:
        return take_extension(character);
    case state::size_lf:
        expect(character, '\n', state::chunk);
        if (!failed())
            end_size();
        return;
    case state::chunk_cr:
        return expect(character, '\r', state::chunk_lf);
    case state::chunk_lf:
        return expect(character, '\n', state::size);
    case state::trailer_start:
        return take_trailer_start(character);
    case state::trailer_name:
        return take_trailer_name(character);
    case state::trailer_value:
        return take_trailer_value(character);
    case state::trailer_lf:
        return expect(character, '\n', state::trailer_start);
    case state::last_lf:
        return expect(character, '\n', state::done);
    default:
        return;
    }
}

void body_reader::take_size(char character)
{
    auto const digit = value_of_digit(character);
    if (digit >= 0) {
        if (++digits_ > max_size_digits)
            refuse("a chunk's size of too many digits");
        size_ = size_ * 16 + static_cast<unsigned>(digit);
    } else if (digits_ == 0) {
        refuse("a chunk without size");
    } else if (character == ';') {
        state_ = state::extension;
    } else if (character == '\r') {
        state_ = state::size_lf;
    } else {
        refuse("a chunk's size that is no number");
    }
}

void body_reader::take_extension(char character)
{
    count_ignored();
    if (failed())
        return;
    if (character == '\r')
        state_ = state::size_lf;
    else if (is_control(character))
        refuse("a control character in a chunk's extension");
}

void body_reader::end_size()
{
    left_ = size_;
    if (size_ == 0)
        state_ = state::trailer_start;
    else if (size_ > max_body_bytes_ - taken_)
        refuse_size();
    size_ = 0;
    digits_ = 0;
}

void body_reader::take_trailer_start(char character)
{
    if (character == '\r') {
        state_ = state::last_lf;
        return;
    }
    state_ = state::trailer_name;
    if (character == ':')
        refuse("a trailer without name");
    else
        take_trailer_name(character);
}

void body_reader::take_trailer_name(char character)
{
    count_ignored();
    if (failed())
        return;
    if (character == ':')
        state_ = state::trailer_value;
    else if (!core::is_token({&character, 1}))
        refuse("a trailer's name that is none");
}

void body_reader::take_trailer_value(char character)
{
    count_ignored();
    if (failed())
        return;
    if (character == '\r')
        state_ = state::trailer_lf;
    else if (is_control(character))
        refuse("a control character in a trailer");
}

void body_reader::expect(char character, char wanted, state next)
{
    if (character == wanted)
        state_ = next;
    else
        refuse("a line end that is missing in a chunked body");
}

void body_reader::count_ignored()
{
    if (++ignored_ > max_ignored_bytes)
        refuse("chunk extensions or trailers of unreasonable size");
}

void body_reader::refuse(char const* defect) noexcept
{
    defect_ = defect;
    state_ = state::failed;
}

void body_reader::refuse_size() noexcept
{
    too_large_ = true;
    state_ = state::failed;
}

} // namespace fluxer::auth::http
