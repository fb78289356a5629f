#ifndef FLUXER_AUTH_TEST_CONFORMANCE_EXPRESSION_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_EXPRESSION_HPP

#include "catalogue.hpp"
#include "typed_call.hpp"

#include <string>

namespace fluxer::auth::conformance {

/// A recorded request in terms of the typed operations.
struct expression
{
    typed_call call;    ///< empty: the types can't express it
    std::string reason; ///< why not
};

expression express(catalogue_row const& row, recorded_request const& request);

} // namespace fluxer::auth::conformance

#endif
