namespace Weft.Bench.Harness.Machine;

/// <summary>One proxy could not be measured in one respect; the reason goes into the report, the rest goes on.</summary>
internal sealed class MeasurementException(string message) : Exception(message);

/// <summary>Nothing can be measured; the message says what is missing.</summary>
internal sealed class MeasurementImpossibleException(string message) : Exception(message);
