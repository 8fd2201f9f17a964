package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.core.LoamException;
import dev.loam.embed.BgeSmall;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The text model, loaded by a thread of its own while the store opens. Each question to it waits
 * until it is there, and fails as its loading failed.
 */
final class LoadingModel implements Embedder {
    private final FutureTask<Embedder> loading = new FutureTask<>(BgeSmall::load);

    private LoadingModel() {}

    static LoadingModel start() {
        LoadingModel model = new LoadingModel();
        Thread.ofPlatform().daemon().name("loam-model").start(model.loading);
        return model;
    }

    private Embedder loaded() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return loading.get();
                } catch (InterruptedException wanted) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LoamException expected) {
                throw expected;
            }
            throw new AssertionError("the model's loading failed", failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String model() {
        return loaded().model();
    }

    @Override
    public int dimension() {
        return loaded().dimension();
    }

    @Override
    public List<float[]> embed(List<String> texts, Purpose purpose) {
        return loaded().embed(texts, purpose);
    }

    /** Closes the model. One that is not there yet is not waited for: the process is ending. */
    @Override
    public void close() {
        if (!loading.cancel(false) && loading.state() == FutureTask.State.SUCCESS) {
            loading.resultNow().close();
        }
    }
}
