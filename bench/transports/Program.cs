// What transports cost. Needs a C compiler (cc) for the programs of bench/reference.
//   dotnet run -c Release --project bench/transports [-- ROUNDS]                work down, apply, result up, beside plain C, as Markdown tables
//   dotnet run -c Release --project bench/transports -- trips TRANSPORT FLOATS  one of them alone, for a profiler
// With PS_LITE=FOLDER, a checkout of ps-lite's sources, ps-lite makes the round trips too.
// Interleaved; medians, and medians of paired ratios. Buffers are filled and every result is used.
// Training over transports: bench/orchestration.
using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Bench.Transports;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["trips", var transport, var length]:
        Console.WriteLine($"{RoundTrips.Trips(transport, int.Parse(length), MeetingPlace.Private, 5):F1}");
        return 0;
    case ["echo", var transport, var address, var token]:
        RoundTrips.Echo(transport, address, token);
        return 0;
    case []:
        RoundTrips.Run(5);
        return 0;
    case [var rounds] when int.TryParse(rounds, out var count):
        RoundTrips.Run(count);
        return 0;
    default:
        Console.Error.WriteLine("nothing, ROUNDS or trips TRANSPORT FLOATS");
        return 64;
}
