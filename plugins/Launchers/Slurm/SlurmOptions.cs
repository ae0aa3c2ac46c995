using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Launchers;

/// <summary>What a profile may say of tasks in Slurm.</summary>
public sealed record SlurmOptions(
    [Description("Partition; without it, Slurm's default.")] string? Partition = null,
    [Description("Account that the time is charged to.")] string? Account = null,
    [Description("Quality of service.")] string? Qos = null,
    [Description("Longest time of a task, as Slurm writes it: minutes, H:M:S or D-H:M:S. A task is started again while work is left.")] string? Time = null,
    [Description("Memory of each task, or of each worker host: 512M, 4G.")] string? Memory = null,
    [Description("Processors of each task, or of each worker host.")][Range(1, 1024)] int Cpus = 1,
    [Description("Environment modules that each task loads.")] IReadOnlyList<string>? Modules = null,
    [Description("Environment variables that each task is given.")] IReadOnlyDictionary<string, string>? Environment = null,
    [Description("How a shell starts the program; without it, the one that submits.")] string? Command = null,
    [Description("Work that a task is given at least, minutes: short runs share a task.")][Range(0.0, 100_000.0)] double TaskMinutes = 10,
    [Description("Most tasks of a launch; without it, as many as have work and Slurm allows.")][Range(1, 1_000_000)] int? Tasks = null,
    [Description("How long before its end, or a preemption, a task is told to hand back what it has, s.")][Range(1, 65_535)] int LeadSeconds = 60,
    [Description("Further options of sbatch, such as --constraint=avx512.")] IReadOnlyList<string>? Arguments = null);
