package dev.loam.sim;

import dev.loam.SimulatedStore;
import dev.loam.log.SimulatedDisk;

/** A fault that a world is given, to see that it is found. */
enum Plant {
    NONE,

    /** A write is acknowledged before the disk was told to keep it. */
    FORCE_LEFT_OUT,

    /** The disk said that it could not, and nobody listened. */
    FAILED_FORCE_IGNORED,

    /** Of concurrent values the one is read that came last. */
    WINNER_BY_ARRIVAL,

    /** What was deleted is read as long as a value of it is known. */
    DELETE_FORGOTTEN,

    /** What another device wrote beside ours is not read. */
    SIBLING_DROPPED,

    /** A counter that is gone is read as it was. */
    RESET_FORGOTTEN,

    /** The entries of a log are read in the order in which they came. */
    ENTRIES_BY_ARRIVAL,

    /** What another device forgot is not erased here. */
    FORGOTTEN_ELSEWHERE_KEPT,

    /** What is replaced by a log without it is not deleted. */
    REPLACED_LOG_KEPT;

    SimulatedDisk.Plant onDisk() {
        return switch (this) {
            case FORCE_LEFT_OUT -> SimulatedDisk.Plant.FORCE_LEFT_OUT;
            case FAILED_FORCE_IGNORED -> SimulatedDisk.Plant.FAILED_FORCE_IGNORED;
            case REPLACED_LOG_KEPT -> SimulatedDisk.Plant.DELETION_LEFT_OUT;
            case NONE,
                    WINNER_BY_ARRIVAL,
                    DELETE_FORGOTTEN,
                    SIBLING_DROPPED,
                    RESET_FORGOTTEN,
                    ENTRIES_BY_ARRIVAL,
                    FORGOTTEN_ELSEWHERE_KEPT ->
                    SimulatedDisk.Plant.NONE;
        };
    }

    SimulatedStore.Plant inStore() {
        return this == FORGOTTEN_ELSEWHERE_KEPT
                ? SimulatedStore.Plant.PURGES_OF_OTHERS_IGNORED
                : SimulatedStore.Plant.NONE;
    }

    Reading inFrontOf(Reading honest) {
        return switch (this) {
            case WINNER_BY_ARRIVAL -> PlantedReadings.winnerByArrival(honest);
            case DELETE_FORGOTTEN -> PlantedReadings.deleteForgotten(honest);
            case SIBLING_DROPPED -> PlantedReadings.siblingDropped(honest);
            case RESET_FORGOTTEN -> PlantedReadings.resetForgotten(honest);
            case ENTRIES_BY_ARRIVAL -> PlantedReadings.entriesByArrival(honest);
            case NONE,
                    FORCE_LEFT_OUT,
                    FAILED_FORCE_IGNORED,
                    FORGOTTEN_ELSEWHERE_KEPT,
                    REPLACED_LOG_KEPT ->
                    honest;
        };
    }
}
