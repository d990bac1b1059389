import type { ArchitectureValues } from '@aws-sdk/client-ec2';

export interface Image {
  id: string;
  architecture: ArchitectureValues & ('arm64' | 'x86_64');
  /** The public SSM parameter that names the newest image of its line. */
  parameter: string;
  rootDevice: string;
  /** GiB of its root snapshot. */
  size: number;
}

const line = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-';

const al2023 = (id: string, architecture: Image['architecture']): Image => ({
  id,
  architecture,
  parameter: `${line}${architecture}`,
  rootDevice: '/dev/xvda',
  size: 8,
});

/** Amazon Linux 2023, oldest first, so that the last of a line is what its parameter names. */
export const publishedImages = (): Image[] => [
  al2023('ami-0a1a2b3c4d5e6f701', 'arm64'),
  al2023('ami-0a1a2b3c4d5e6f702', 'x86_64'),
];
