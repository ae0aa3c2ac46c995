// What transports cost. Needs a C compiler (cc) for the programs of bench/reference.
//   dotnet run -c Release --project bench/transports                                 both, as Markdown tables
//   dotnet run -c Release --project bench/transports -- roundtrip [ROUNDS]   work down, apply, result up, beside plain C
//   dotnet run -c Release --project bench/transports -- training [ROUNDS]    LeNet5, batch 32, two workers, beside two bare loops
//   dotnet run -c Release --project bench/transports -- trips TRANSPORT FLOATS       one of them alone, for a profiler;
//   dotnet run -c Release --project bench/transports -- train TRANSPORT             likewise
// With PS_LITE=FOLDER, a checkout of ps-lite's sources, ps-lite makes the round trips too.
// Interleaved; medians, and medians of paired ratios. Buffers are filled and every result is used.
using System.Globalization;
using Orchestrator.Abstractions;
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
    case ["trips", var transport, var length]:
        Console.WriteLine($"{RoundTrips.Trips(transport, int.Parse(length), MeetingPlace.Private, 5):F1}");
        return 0;
    case ["train", var transport]:
        var (rate, cost) = TrainingRates.Train(transport);
        Console.WriteLine($"{rate:F1} updates/s, {cost:F3} ms of processor time each");
        return 0;
    case ["echo", var transport, var address, var token]:
        RoundTrips.Echo(transport, address, token);
        return 0;
    case ["worker", var transport, var address]:
        TrainingRates.Work(transport, address);
        return 0;
    case []:
        RoundTrips.Run(5);
        TrainingRates.Run(5);
        return 0;
    default:
        Console.Error.WriteLine("nothing, roundtrip [ROUNDS], training [ROUNDS] or trips TRANSPORT FLOATS");
        return 64;
}
