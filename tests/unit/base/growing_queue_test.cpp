// growing_queue: first in, first out, in memory that it keeps.
#include "models/base/growing_queue.h"

#include <gmock/gmock.h>

namespace rxpath {
namespace {

using testing::ElementsAre;

TEST(growing_queue, KeepsItsOrderWhenItGrows) {
    growing_queue<int> queue;
    for (int i = 0; i < 100; ++i) queue.push_back(i);
    EXPECT_EQ(queue.size(), 100u);
    for (int i = 0; i < 100; ++i, queue.pop_front()) EXPECT_EQ(queue.front(), i);
    EXPECT_TRUE(queue.empty());
}

TEST(growing_queue, InsertsBeforeAPlaceAlsoWhenItIsFull) {
    growing_queue<int> queue;
    for (int i = 0; i < 8; ++i) queue.push_back(i);
    queue.insert(queue.begin() + 3, 99);
    queue.push_front(-1);
    EXPECT_THAT(std::vector(queue.begin(), queue.end()), ElementsAre(-1, 0, 1, 2, 99, 3, 4, 5, 6, 7));
}

}  // namespace
}  // namespace rxpath
