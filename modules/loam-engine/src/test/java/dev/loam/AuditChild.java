package dev.loam;

import java.nio.file.Path;

/** A process of its own that records events, says each when it is answered, and is killed. */
final class AuditChild {
    private AuditChild() {}

    /** Arguments: store directory, the first number to record. */
    public static void main(String[] arguments) {
        Loam loam = Loam.open(Path.of(arguments[0]), KilledAuditTest.options());
        for (long number = Long.parseLong(arguments[1]); ; number++) {
            loam.audit().record(new AuditEvent.Rebuilt(number));
            System.out.println(number);
        }
    }
}
