#ifndef FLUXER_AUTH_HTTP_BODY_READER_HPP
#define FLUXER_AUTH_HTTP_BODY_READER_HPP

#include "core/secret_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fluxer::auth::http {

/// Takes one body out of bytes that arrive in any pieces, byte by byte where it has to look at them, so that the
/// pieces make no difference. (Beast's parser of chunks asserts on some splits of a harmless body.)
class body_reader
{
public:
    explicit body_reader(std::size_t max_body_bytes) noexcept
        : max_body_bytes_(max_body_bytes)
    {}

    void begin_none() noexcept { state_ = state::done; }

    void begin_length(std::uint64_t length) noexcept;

    void begin_chunked() noexcept { state_ = state::size; }

    void begin_until_end() noexcept { state_ = state::until_end; }

    /// Appends what belongs to the body, and returns how many bytes it used: all of them, unless the body ended or
    /// something is wrong.
    std::size_t feed(std::string_view bytes, core::secret_buffer& body);

    /// The connection ended; false if the body had not.
    bool end() noexcept;

    bool done() const noexcept { return state_ == state::done; }

    bool too_large() const noexcept { return too_large_; }

    /// Why this is no body, or nullptr.
    char const* defect() const noexcept { return defect_; }

private:
    enum class state : std::uint8_t {
        data,      // of a known length
        until_end, // of the connection
        size,      // hexadecimal digits
        extension,
        size_lf,
        chunk,
        chunk_cr,
        chunk_lf,
        trailer_start, // at the start of a line
        trailer_name,
        trailer_value,
        trailer_lf,
        last_lf,
        done,
        failed,
    };

    bool failed() const noexcept { return state_ == state::failed; }

    std::size_t take_data(std::string_view bytes, core::secret_buffer& body);
    void take_framing(char character);
    void take_size(char character);
    void take_extension(char character);
    void end_size();
    void take_trailer_start(char character);
    void take_trailer_name(char character);
    void take_trailer_value(char character);
    void expect(char character, char wanted, state next);
    void count_ignored();
    void refuse(char const* defect) noexcept;
    void refuse_size() noexcept;

    std::size_t max_body_bytes_;
    std::uint64_t left_ = 0; // of the data or the chunk
    std::uint64_t size_ = 0; // of the chunk whose line is being read
    std::size_t taken_ = 0;
    std::size_t ignored_ = 0; // bytes of extensions and trailers
    unsigned digits_ = 0;
    state state_ = state::done;
    bool too_large_ = false;
    char const* defect_ = nullptr;
};

} // namespace fluxer::auth::http

#endif
