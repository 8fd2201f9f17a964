package dev.loam.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Appends until it is told to throw, or to forget what it was given. */
final class FailingAppender implements SegmentAppender {
    /** What it is told. */
    static final class Control {
        @Nullable Throwable thrown;
        boolean swallows;

        /** Throws at the nth frame, from 1, of any segment; 0 for never. */
        int failingFrame;
    }

    private final SegmentAppender appender;
    private final Control control;

    private FailingAppender(SegmentAppender appender, Control control) {
        this.appender = appender;
        this.control = control;
    }

    static SegmentAppender.Factory factory(Control control) {
        return (directory, blockBytes) ->
                new FailingAppender(PlainSegment.create(directory, blockBytes), control);
    }

    @Override
    public Path file() {
        return appender.file();
    }

    @Override
    public void append(byte[] frame) {
        control.failingFrame--;
        if (control.failingFrame == 0) {
            // As a full disk under a mapping: the frame may be there all the same.
            appender.append(frame);
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }
        switch (control.thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            case null, default -> {
                if (!control.swallows) {
                    appender.append(frame);
                }
            }
        }
    }

    @Override
    public void close() {
        appender.close();
    }
}
