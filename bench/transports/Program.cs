// What transports cost. Needs a C compiler (cc) for the programs of bench/reference.
//   dotnet run -c Release --project bench/transports -- roundtrip [ROUNDS]   work down, apply, result up, beside plain C
//   dotnet run -c Release --project bench/transports -- training [ROUNDS]    LeNet5, batch 32, two workers, beside two bare loops
// Interleaved; medians, and medians of paired ratios. Buffers are filled and every result is used.
using System.Globalization;
using Orchestrator.Bench.Transports;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["roundtrip", .. var rest]:
        RoundTrips.Run(rest.Length > 0 ? int.Parse(rest[0]) : 5);
        return 0;
    case ["training", .. var rest]:
        TrainingRates.Run(rest.Length > 0 ? int.Parse(rest[0]) : 5);
        return 0;
    case ["echo", var transport, var address, var token]:
        RoundTrips.Echo(transport, address, token);
        return 0;
    case ["worker", var transport, var address]:
        TrainingRates.Work(transport, address);
        return 0;
    default:
        Console.Error.WriteLine("roundtrip [ROUNDS] or training [ROUNDS]");
        return 64;
}
