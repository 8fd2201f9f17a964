package dev.loam;

/**
 * A piece of work for the writer thread: it stages what it wants to write and gives its answer,
 * which its caller gets once the staged batches are durable and visible. It may stage nothing. If
 * it throws, nothing of it is written.
 */
@FunctionalInterface
interface Task<R> {
    R run(Stage stage);
}
