using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Launchers;

/// <summary>What a profile may say of tasks that mpirun starts.</summary>
public sealed record MpiOptions(
    [Description("File with the machines, one a line as mpirun reads it (NAME, or NAME slots=N); without it, this machine, or the allocation that mpirun finds itself in.")] string? Hosts = null,
    [Description("Processors of each task, or of each worker host.")][Range(1, 1024)] int Cpus = 1,
    [Description("Environment modules that each task loads.")] IReadOnlyList<string>? Modules = null,
    [Description("Environment variables that each task is given.")] IReadOnlyDictionary<string, string>? Environment = null,
    [Description("How a shell starts the program; without it, the one that submits.")] string? Command = null,
    [Description("Work that a task is given at least, minutes: short runs share a task.")][Range(0.0, 100_000.0)] double TaskMinutes = 10,
    [Description("Most tasks of a launch; without it, as many as there are lines in hosts, or one.")][Range(1, 100_000)] int? Tasks = null,
    [Description("Further arguments of mpirun.")] IReadOnlyList<string>? Arguments = null);
