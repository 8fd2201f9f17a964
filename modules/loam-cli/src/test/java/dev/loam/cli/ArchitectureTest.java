package dev.loam.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The rooms of docs/ARCHITECTURE.md, stated as absences. */
class ArchitectureTest {
    private static final JavaClasses LOAM =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.loam");

    private static void check(ArchRule rule) {
        rule.check(LOAM);
    }

    private static void knowsOnly(String room, String... packages) {
        check(
                classes()
                        .that()
                        .resideInAPackage(room)
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(packages)
                                        .or(resideInAPackage(room))
                                        .or(resideInAnyPackage("java..", "org.jspecify.."))
                                        .or(
                                                DescribedPredicate.describe(
                                                        "are primitive",
                                                        type ->
                                                                type.getBaseComponentType()
                                                                        .isPrimitive()))));
    }

    @Test
    void everyRoomIsSeen() {
        for (String room :
                new String[] {
                    "dev.loam", "dev.loam.core", "dev.loam.log", "dev.loam.index",
                    "dev.loam.crypto", "dev.loam.sync", "dev.loam.json", "dev.loam.embed",
                    "dev.loam.server", "dev.loam.testkit", "dev.loam.cli"
                }) {
            Assertions.assertThat(LOAM.containPackage(room)).as(room).isTrue();
        }
    }

    @Test
    void siblingsKnowTheCoreAndNeverEachOther() {
        knowsOnly("dev.loam.core");
        knowsOnly("dev.loam.sync", "dev.loam.core");
        knowsOnly("dev.loam.log", "dev.loam.core", "net.openhft..", "sun.misc", "com.sun.nio.file");
        knowsOnly("dev.loam.index", "dev.loam.core", "org.apache.lucene..");
        knowsOnly("dev.loam.crypto", "dev.loam.core", "org.bouncycastle..", "javax.crypto..");
        knowsOnly("dev.loam.testkit", "dev.loam", "dev.loam.core", "dev.loam.log");
        knowsOnly(
                "dev.loam",
                "dev.loam.core",
                "dev.loam.log",
                "dev.loam.index",
                "dev.loam.crypto",
                "dev.loam.sync",
                "org.slf4j");
    }

    @Test
    void eachLibraryHasOneLandlord() {
        livesIn("net.openhft..", "dev.loam.log");
        livesIn("org.apache.lucene..", "dev.loam.index");
        livesIn("org.bouncycastle..", "dev.loam.crypto");
        livesIn("tools.jackson..", "dev.loam.json");
        livesIn("ai.onnxruntime..", "dev.loam.embed");
        livesIn("picocli..", "dev.loam.cli");
        livesIn("io.nayuki..", "dev.loam.cli");
    }

    private static void livesIn(String library, String room) {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(room, room + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library));
    }

    @Test
    void noLibrarysTypeIsInAPublicSignature() {
        check(
                methods()
                        .that()
                        .arePublic()
                        .and()
                        .areDeclaredInClassesThat()
                        .arePublic()
                        .and()
                        .areDeclaredInClassesThat()
                        .resideOutsideOfPackage("dev.loam.cli..")
                        .should(
                                have(
                                        "types of the JDK and of Loam only",
                                        method ->
                                                Stream.concat(
                                                                method
                                                                        .getRawParameterTypes()
                                                                        .stream(),
                                                                Stream.of(
                                                                        method.getRawReturnType()))
                                                        .map(JavaClass::getBaseComponentType)
                                                        .allMatch(ArchitectureTest::isOurs))));
    }

    private static boolean isOurs(JavaClass type) {
        return type.isPrimitive()
                || type.getPackageName().startsWith("java.")
                || type.getPackageName().startsWith("dev.loam");
    }

    private static ArchCondition<JavaMethod> have(String what, Predicate<JavaMethod> holds) {
        return new ArchCondition<>("have " + what) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (!holds.test(method)) {
                    events.add(SimpleConditionEvent.violated(method, method.getDescription()));
                }
            }
        };
    }

    @Test
    void belowTheEngineNobodyReadsAClockOrRandomness() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "dev.loam.core", "dev.loam.log", "dev.loam.sync", "dev.loam")
                        .and()
                        .haveNameNotMatching("dev\\.loam\\.Environment")
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(LocalDateTime.class, "now")
                        .orShould()
                        .callMethod(Clock.class, "systemUTC")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID")
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .dependOnClassesThat()
                        .belongToAnyOf(Random.class, ThreadLocalRandom.class));
    }

    @Test
    void coreAndSyncDoNoInputOutputAndStartNoThread() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage("dev.loam.core", "dev.loam.sync")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.io", "java.nio.file..", "java.nio.channels..", "java.net..")
                        .orShould()
                        .dependOnClassesThat()
                        .belongToAnyOf(Thread.class, ThreadLocal.class));
    }

    @Test
    void nobodySleeps() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void theLogIsReadWithoutMappingAndWithoutChroniclesReader() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.loam.log")
                        .should()
                        .dependOnClassesThat()
                        .haveSimpleName("ExcerptTailer")
                        .orShould()
                        .dependOnClassesThat()
                        .haveSimpleName("MappedByteBuffer"));
    }

    @Test
    void chroniclesUsageReporterIsNotOnTheClassPath() {
        Assertions.assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }
}
