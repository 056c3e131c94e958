#include "models/routing/rcuref.h"

namespace rxpath {

bool rcuref::get() {
    ++refcnt;
    if (refcnt <= most_references) return true;
    if (refcnt >= released) {
        refcnt = dead;
        return false;
    }
    refcnt = saturated;  // the object is leaked rather than freed too early
    return true;
}

bool rcuref::put() {
    --refcnt;
    if (refcnt <= most_references) return false;
    if (refcnt == no_reference) {
        refcnt = dead;
        return true;
    }
    refcnt = refcnt >= released ? dead : saturated;  // one put too many, or a leaked object
    return false;
}

}  // namespace rxpath
