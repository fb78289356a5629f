#ifndef FLUXER_AUTH_HTTP_REQUEST_TEMPLATE_HPP
#define FLUXER_AUTH_HTTP_REQUEST_TEMPLATE_HPP

#include "core/origin.hpp"
#include "core/secret_buffer.hpp"
#include "wire/codec.hpp"

#include <fluxer/auth/options.hpp>

#include <string>
#include <vector>

namespace fluxer::auth::http {

/// Writes requests. What is the same in all of a client's requests is prepared once.
class request_template
{
public:
    request_template(core::origin const& origin, client_options const& options);

    /// The whole request in one piece, so that it leaves in one write and one TLS record (trap T31). Everything in it
    /// was checked before: no line end, no NUL.
    core::secret_buffer write(wire::request const& request, call_options const& options) const;

private:
    /// All of the client's lines but those that the call has itself.
    template <class IsReplaced>
    void add_common_unless(core::secret_buffer& to, IsReplaced is_replaced) const;

    std::string path_prefix_;
    std::string common_;            ///< header lines, those of the client's user among them
    bool has_headers_;              ///< which are any
    std::string_view content_type_; ///< the line, where none of these is one
};

} // namespace fluxer::auth::http

#endif
