// A queue that keeps its memory: when it is full it gets twice as much, and from then on allocates nothing.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <utility>

namespace rxpath {

template <class Element>
class growing_queue {
public:
    using iterator = typename boost::circular_buffer<Element>::iterator;

    bool empty() const { return m_elements.empty(); }
    std::size_t size() const { return m_elements.size(); }
    Element& front() { return m_elements.front(); }
    const Element& front() const { return m_elements.front(); }
    Element& back() { return m_elements.back(); }
    iterator begin() { return m_elements.begin(); }
    iterator end() { return m_elements.end(); }

    void push_back(Element element) {
        make_room();
        m_elements.push_back(std::move(element));
    }
    void push_front(Element element) {
        make_room();
        m_elements.push_front(std::move(element));
    }
    // Before `place`.
    void insert(iterator place, Element element) {
        const auto index = place - m_elements.begin();
        make_room();
        m_elements.insert(m_elements.begin() + index, std::move(element));
    }
    void pop_front() { m_elements.pop_front(); }
    void pop_back() { m_elements.pop_back(); }

private:
    void make_room() {
        if (m_elements.full()) m_elements.set_capacity(2 * m_elements.capacity());
    }

    boost::circular_buffer<Element> m_elements{8};
};

}  // namespace rxpath
