package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Fails once, at the nth call, with what the operating system would say. */
final class FaultyFiles implements StoreFiles {
    static final String DISK_FULL = "No space left on device";
    static final String BROKEN = "Input/output error";

    private final StoreFiles files = new QuickFiles();
    private final String reason;
    private int callsLeft;
    private boolean isForceOnly;

    private FaultyFiles(String reason, int failingCall) {
        this.reason = reason;
        this.callsLeft = failingCall;
    }

    /** Fails at the nth call of any kind, from 1. */
    static FaultyFiles failingAt(int call, String reason) {
        return new FaultyFiles(reason, call);
    }

    /** Fails only once {@link #failAt} was called. */
    static FaultyFiles armedLater(String reason) {
        return new FaultyFiles(reason, Integer.MAX_VALUE);
    }

    /** Fails at the nth call from now, from 1. */
    void failAt(int call) {
        callsLeft = call;
    }

    /** Fails at the next force of a file once {@link #failNextForce} was called. */
    static FaultyFiles sound() {
        return new FaultyFiles(BROKEN, 0);
    }

    void failNextForce() {
        callsLeft = 1;
        isForceOnly = true;
    }

    boolean hasFailed() {
        return callsLeft <= 0;
    }

    private void beforeCall() throws IOException {
        if (!isForceOnly) {
            count();
        }
    }

    private void count() throws IOException {
        callsLeft--;
        if (callsLeft == 0) {
            throw new IOException(reason);
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        beforeCall();
        files.createDirectory(directory);
    }

    @Override
    public void restrict(Path file) throws IOException {
        beforeCall();
        files.restrict(file);
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        beforeCall();
        files.replace(file, content);
    }

    @Override
    public void allocate(Path file, long bytes) throws IOException {
        beforeCall();
        files.allocate(file, bytes);
    }

    @Override
    public void requireRoom(Path directory, long bytes) throws IOException {
        beforeCall();
        files.requireRoom(directory, bytes);
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        beforeCall();
        files.fillWithZeros(channel, from, to);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        if (isForceOnly) {
            count();
        }
        beforeCall();
        files.force(channel);
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        beforeCall();
        files.forceNew(channel);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        beforeCall();
        files.forceDirectory(directory);
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        beforeCall();
        files.truncate(channel, bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        beforeCall();
        files.rename(from, to);
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        beforeCall();
        files.deleteFile(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        beforeCall();
        files.deleteDirectory(directory);
    }
}
