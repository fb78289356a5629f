// Asio's own functions, once for a whole program: of builds with sanitizers only (ProjectFlags.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
