/** Where files are stored, when it is in an S3 bucket. */
export interface BucketSettings {
  bucket: string;
  /** Null: Amazon's, by the region. */
  endpoint: string | null;
  region: string;
  /** Empty, or with a slash at its end. */
  prefix: string;
  path_style: boolean;
  /** Null: the SDK looks for credentials where it always does. */
  access_key: { id: string; secret: string } | null;
}
