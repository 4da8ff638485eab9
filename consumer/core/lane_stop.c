#include "consumer/core/lane_stop.h"

const char *lane_stop_word(enum lane_stop stop) {
    switch (stop) {
    case LANE_RUNNING: return "running";
    case LANE_STOP_GAP: return "gap";
    case LANE_STOP_IDENTITY: return "identity";
    case LANE_STOP_NEWER: return "newer";
    case LANE_STOP_TIMESTAMP: return "timestamp";
    case LANE_STOP_CONTENDED: return "contended";
    case LANE_STOP_DATABASE: return "database";
    }
    return "?";
}
