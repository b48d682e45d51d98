package inkan.interop.verapdf;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import java.util.stream.Collectors;

/**
 * Reads from standard input a line for every task, "FLAVOUR FILE" with a flavour such as 3b or ua1, and writes a line
 * for each to standard output: the number of checks made and the rules that were broken, separated by tabs. It lives
 * until the input ends, since most of the time of a single judgement goes into starting.
 */
final class Runner {

    private Runner() {
    }

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what libraries print must not come among the answers
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader tasks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = tasks.readLine(); line != null; line = tasks.readLine()) {
            String[] task = line.split(" ", 2);
            answers.println(answer(task[0], new File(task[1])).replace('\n', ' ').replace('\r', ' '));
        }
    }

    private static String answer(String name, File file) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return "0\tno flavour " + name;
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            String broken = result.getTestAssertions().stream()
                    .filter(a -> a.getStatus() == TestAssertion.Status.FAILED)
                    .map(a -> a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + reason(a) + " at "
                            + a.getLocation().getContext())
                    .distinct().limit(20).collect(Collectors.joining("\t"));
            if (broken.isEmpty() && !result.isCompliant()) {
                broken = "not compliant, no reason given";
            }
            return result.getTotalAssertions() + "\t" + broken;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) { // the test reads the reason; nothing is hidden
            return "0\t" + e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private static String reason(TestAssertion a) {
        return a.getErrorMessage() == null ? a.getMessage() : a.getErrorMessage();
    }
}
