namespace AEAnomaly.Host.Configuration;

/// <summary>How OpenTelemetry's protocol is carried.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, usually at port 4317.</summary>
    Grpc,

    /// <summary>HTTP with binary bodies, usually at port 4318; paths are added.</summary>
    HttpProtobuf,
}
