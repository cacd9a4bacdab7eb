// Licensed under the MIT License. See LICENSE in the project root for license information.

// Builds and searches hnswlib's graph on commands from the standard input: hnswlib_bench FILE M CANDIDATES.
// FILE: five int32 (rows, dimension, queries, k, 1 for dot products or 0 for squared L2), rows, queries (float32), then
// the k nearest rows of each query (int32). Commands: "build THREADS", "search CANDIDATES THREADS", "quit". Answers one
// line each: seconds, and for a search the share of the k nearest rows that were found.
// Debian: libhnswlib-dev. Compile with -O3 -march=native -std=c++11 -pthread.

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Work {
    int32_t rows, dimension, queries, k, is_dot;
    std::vector<float> row_values, query_values;
    std::vector<int32_t> nearest;

    explicit Work(const char* path) {
        std::ifstream file(path, std::ios::binary);
        read(file, &rows, 1);
        read(file, &dimension, 1);
        read(file, &queries, 1);
        read(file, &k, 1);
        read(file, &is_dot, 1);
        row_values.resize(static_cast<size_t>(rows) * dimension);
        query_values.resize(static_cast<size_t>(queries) * dimension);
        nearest.resize(static_cast<size_t>(queries) * k);
        read(file, row_values.data(), row_values.size());
        read(file, query_values.data(), query_values.size());
        read(file, nearest.data(), nearest.size());
        if (!file) throw std::runtime_error("the file must be complete");
    }

    template <typename T>
    static void read(std::ifstream& file, T* to, size_t count) {
        file.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count * sizeof(T)));
    }

    const float* row(int32_t index) const { return row_values.data() + static_cast<size_t>(index) * dimension; }
    const float* query(int32_t index) const { return query_values.data() + static_cast<size_t>(index) * dimension; }
};

template <typename Action>
double share_out(int32_t count, int threads, Action action) {
    Clock::time_point start = Clock::now();
    std::atomic<int32_t> next(0);
    auto work = [&]() {
        for (int32_t index; (index = next++) < count;) action(index);
    };
    std::vector<std::thread> others;
    for (int thread = 1; thread < threads; thread++) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double recall(const Work& work, const std::vector<int32_t>& found) {
    size_t hits = 0;
    for (int32_t query = 0; query < work.queries; query++) {
        auto truth = work.nearest.begin() + static_cast<std::ptrdiff_t>(query) * work.k;
        for (int32_t rank = 0; rank < work.k; rank++)
            hits += std::count(truth, truth + work.k, found[static_cast<size_t>(query) * work.k + rank]);
    }
    return static_cast<double>(hits) / found.size();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    Work work(argv[1]);
    std::unique_ptr<hnswlib::SpaceInterface<float>> space;
    if (work.is_dot) space.reset(new hnswlib::InnerProductSpace(work.dimension));
    else space.reset(new hnswlib::L2Space(work.dimension));
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> index;
    std::string command;
    while (std::cin >> command && command != "quit") {
        int candidates = 0, threads = 0;
        if (command == "build") {
            std::cin >> threads;
            index.reset();
            Clock::time_point start = Clock::now();
            index.reset(new hnswlib::HierarchicalNSW<float>(
                space.get(), work.rows, std::stoi(argv[2]), std::stoi(argv[3]), 100));
            index->addPoint(work.row(0), 0);
            share_out(work.rows - 1, threads, [&](int32_t row) { index->addPoint(work.row(row + 1), row + 1); });
            std::printf("%.9g\n", std::chrono::duration<double>(Clock::now() - start).count());
        } else {
            std::cin >> candidates >> threads;
            index->setEf(candidates);
            std::vector<int32_t> found(static_cast<size_t>(work.queries) * work.k, -1);
            double seconds = share_out(work.queries, threads, [&](int32_t query) {
                auto nearest = index->searchKnn(work.query(query), work.k);
                for (size_t rank = nearest.size(); rank-- > 0; nearest.pop())
                    found[static_cast<size_t>(query) * work.k + rank] = static_cast<int32_t>(nearest.top().second);
            });
            std::printf("%.9g %.9g\n", seconds, recall(work, found));
        }
        std::fflush(stdout);
    }
    return 0;
}
