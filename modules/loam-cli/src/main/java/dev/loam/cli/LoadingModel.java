package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.embed.BgeSmall;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The text model, loaded by a thread of its own while the store opens. Each question to it waits
 * until it is there, and fails as its loading failed.
 */
final class LoadingModel implements Embedder {
    private final FutureTask<Embedder> loading = new FutureTask<>(BgeSmall::load);

    private final Set<Purpose> purposes;

    private LoadingModel(Set<Purpose> purposes) {
        this.purposes = purposes;
    }

    /** Refuses texts whose purpose is none of {@code purposes} with {@code CLOSED}. */
    static LoadingModel start(Set<Purpose> purposes) {
        LoadingModel model = new LoadingModel(Set.copyOf(purposes));
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
        if (!purposes.contains(purpose)) {
            throw new LoamException(
                    ErrorCode.CLOSED, "this command gives no vectors to stored texts");
        }
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
