#ifndef FLUXER_AUTH_TEST_SCRIPTED_SERVER_PARTS_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_SERVER_PARTS_HPP

#include "scripted/server.hpp"

#include <atomic>
#include <chrono>
#include <list>
#include <string>
#include <thread>
#include <vector>

namespace fluxer::auth::test {

struct scripted_server::parts
{
    struct listener
    {
        int descriptor = -1;
        std::string address;
    };

    std::vector<listener> listeners;
    std::atomic<bool> listening{true};
    int stop = -1; // readable for good once the server stops
    unsigned short port = 0;
    std::thread acceptor;
    std::list<std::thread> workers;
};

/// False: the server stops, or the time is over.
bool wait_for(int descriptor, short events, int stop, std::chrono::steady_clock::time_point end);

} // namespace fluxer::auth::test

#endif
